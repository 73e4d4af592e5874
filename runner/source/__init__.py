"""From a file to a recipe: reading, merging, checking and writing back."""

from runner.source.discovery import find
from runner.source.load import Loaded, load
from runner.source.merging.document import Document, Origin

__all__ = ["Document", "Loaded", "Origin", "find", "load"]
