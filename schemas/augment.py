"""Random changes of the images that train, drawn anew for every image in every epoch."""

from typing import Annotated

from pydantic import Field

from schemas.base import Items
from schemas.image_change import Flip, Transform
from schemas.tagged import ByTag


class Changes:
    """The other kinds; their module is imported when a recipe first names one."""

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (
            "rotate", "translate", "zoom", "crop", "contrast", "brightness", "erase", "rand_augment", "mixup", "cutmix",
        )  # fmt: skip

    def variant(self, tag: str) -> type[Transform] | None:
        """The class of a kind; None if there is none."""
        if tag not in self.names():
            return None
        from schemas import image_changes

        return image_changes.BY_KIND[tag]

    def refusal(self, tag: str) -> str | None:
        """None: no word is expected and refused."""
        return None


Augment = Annotated[Flip | Transform, ByTag("kind", Changes())]
Augmentations = Annotated[Items[Augment], Field(max_length=50)]
