"""Merges one mapping over another, for ``extends``."""

from runner.source.yaml.nodes import DISCRIMINATORS, Entry, MappingNode, Node, Scalar


def merge(base: MappingNode, over: MappingNode) -> MappingNode:
    """Merge ``over`` over ``base``: mappings merge deeply, everything else is replaced.

    A mapping with a different ``kind`` (or ``source``) replaces the one below completely: the keys of ``sgd`` mean
    nothing to ``adam``. Keys keep the order of the base; new ones follow.
    """
    if changes_kind(base, over):
        return over
    entries = dict(base.entries)
    for name, entry in over.entries.items():
        below = base.get(name)
        entries[name] = Entry(entry.key, _over(below, entry.value)) if below is not None else entry
    return over.replace(entries)


def _over(base: Node, over: Node) -> Node:
    if isinstance(base, MappingNode) and isinstance(over, MappingNode):
        return merge(base, over)
    return over


def changes_kind(base: MappingNode, over: MappingNode) -> bool:
    """Whether both mappings state a kind, and the kinds differ."""
    for key in DISCRIMINATORS:
        below, above = base.get(key), over.get(key)
        if isinstance(below, Scalar) and isinstance(above, Scalar) and below.value != above.value:
            return True
    return False
