"""Removes a key of a recipe from its text."""

from runner.source.editing.edit import spliced
from runner.source.yaml.nodes import MappingNode
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import BOM, SourceText
from runner.source.yaml.read import Budget


def without_key(text: str, key: str) -> str:
    """The text without a key at the left margin and what belongs to it; comments elsewhere stay.

    Raises:
        Refused: the text is not YAML.
    """
    bom = BOM if text.startswith(BOM) else ""
    source = SourceText("", text.removeprefix(BOM))
    root, _ = parse(source, Budget())
    if not isinstance(root, MappingNode) or key not in root.entries:
        return text
    entry = root.entries[key]
    end = entry.value.start + len(source.text[entry.value.start : entry.value.end].rstrip())
    newline = source.text.find("\n", max(end, entry.key.end))
    end = len(source.text) if newline < 0 else newline + 1
    start = source.text.rfind("\n", 0, entry.key.start) + 1
    return bom + spliced(source.text, [(start, end, "")])
