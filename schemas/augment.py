"""Random changes of the images that train, drawn anew for every image in every epoch."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items
from schemas.image_change import Flip, Transform
from schemas.tagged import ByTag, Elsewhere

_CHANGES = Elsewhere(
    "schemas.image_changes",
    ("rotate", "translate", "zoom", "crop", "contrast", "brightness", "erase", "rand_augment", "mixup", "cutmix"),
)
Augment = Annotated[Flip | Transform, ByTag("kind", _CHANGES)]
Augmentations = Annotated[Items[Augment], Field(max_length=50)]
