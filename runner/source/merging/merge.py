"""One mapping over another: what ``extends`` does."""

from runner.source.yaml.nodes import DISCRIMINATORS, Entry, MappingNode, Node, Scalar


def merge(base: MappingNode, over: MappingNode) -> MappingNode:
    """``over`` laid over ``base``: mappings merge deeply, everything else is replaced.

    A mapping that says another ``kind`` (or ``source``) replaces the whole of the one below: the keys of an
    ``sgd`` mean nothing to an ``adam``. Keys stay where the base has them, new ones follow.
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
    """Whether both mappings say what they are, and differ."""
    for key in DISCRIMINATORS:
        below, above = base.get(key), over.get(key)
        if isinstance(below, Scalar) and isinstance(above, Scalar) and below.value != above.value:
            return True
    return False
