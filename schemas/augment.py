"""Random changes of the images that train, drawn anew for every image in every epoch."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import Field

from schemas.base import Items
from schemas.tagged import ByTag, Elsewhere

if TYPE_CHECKING:
    from schemas.image_change import Transform

_CHANGES = Elsewhere(
    "schemas.image_changes",
    (
        "flip",
        "rotate",
        "translate",
        "zoom",
        "crop",
        "contrast",
        "brightness",
        "erase",
        "rand_augment",
        "mixup",
        "cutmix",
    ),
)
if TYPE_CHECKING:
    Augment: TypeAlias = Transform
else:
    Augment = Annotated[Any, ByTag("kind", _CHANGES)]
Augmentations = Annotated[Items[Augment], Field(max_length=50)]
