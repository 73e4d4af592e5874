"""Layers of the catalogue by kind."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.layers.catalogue.base import CatalogueLayer


class Catalogue:
    """The admitted layers, apart from some kinds."""

    def __init__(self, *without: str) -> None:
        self._without = without

    def names(self) -> tuple[str, ...]:
        """Kinds of all layers of the catalogue."""
        from schemas.layers.catalogue.admitted import ADMITTED

        return tuple(kind for kind in ADMITTED if kind not in self._without)

    def variant(self, tag: str) -> "type[CatalogueLayer] | None":
        """The class of a kind; None for a word that is none of the catalogue's."""
        if tag in self._without:
            return None
        from schemas.layers.catalogue.classes import layer_class

        return layer_class(tag)

    def refusal(self, tag: str) -> str | None:
        """Why a layer that Keras has is none of the language's."""
        from schemas.layers.catalogue.refused import reason

        return reason(tag)
