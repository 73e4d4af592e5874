"""Names by which groups and exclusions select layers."""

from collections.abc import Iterable


def selects(written: str, layer: str) -> bool:
    """Whether a name selects a layer: by the layer's own name, or by the name of a block or layer that it is in.

    >>> selects("stage", "stage.1.conv2d_1"), selects("stage", "stages")
    (True, False)
    """
    return layer == written or layer.startswith(f"{written}.")


def selected(written: Iterable[str], layer: str) -> bool:
    """Whether one of several names selects a layer."""
    return any(selects(name, layer) for name in written)
