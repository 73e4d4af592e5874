"""Whether a recipe has blocks at all; most have none, and pay for nothing else."""

from runner.source.yaml.nodes import Entry, MappingNode, Node, Scalar, Sequence
from schemas.composites import COMPOSITES

MODEL, LAYERS, BLOCKS, KIND = "model", "layers", "blocks", "kind"


def has_blocks(root: MappingNode) -> bool:
    """Whether a recipe has blocks, or layers that stand for others."""
    model = root.get(MODEL)
    layers = model.get(LAYERS) if isinstance(model, MappingNode) else None
    if not isinstance(model, MappingNode) or not isinstance(layers, Sequence):
        return False
    return BLOCKS in model.entries or any(kind_of(item) in COMPOSITES for item in layers.items)


def kind_of(node: Node) -> str | None:
    """The kind of a layer, where it says one."""
    kind = node.get(KIND) if isinstance(node, MappingNode) else None
    return kind.value if isinstance(kind, Scalar) and isinstance(kind.value, str) else None


def without_model(root: MappingNode) -> MappingNode:
    """The recipe with a model of which nothing more is told."""
    entry = root.entries[MODEL]
    told = Scalar(entry.value.source, entry.value.start, entry.value.end, None, broken=True)
    return root.replace({**root.entries, MODEL: Entry(entry.key, told)})
