"""From a file to a recipe: reading, merging, checking, and writing back."""

from runner.source.document import Document, Origin
from runner.source.find import find
from runner.source.load import Loaded, load

__all__ = ["Document", "Loaded", "Origin", "find", "load"]
