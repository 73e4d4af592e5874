"""The base of all layers of the catalogue."""

from typing import Any, ClassVar

from schemas.layers.base import LayerBase


class CatalogueLayer(LayerBase):
    """A layer of the catalogue; the classes that are made of it have Keras' arguments as keys."""

    not_of_keras: ClassVar[frozenset[str]] = frozenset({"kind", "inputs"})

    rank: ClassVar[int] = 0
    """Number of spatial axes; 0 where it does not matter."""

    def key(self, name: str) -> Any:
        """The value of a key of the layer, by Keras' name of the argument."""
        return getattr(self, name)

    def has(self, name: str) -> bool:
        """Whether the layer has a key of this name."""
        return name in type(self).model_fields
