"""ruamel's pure Python reader, scanner and parser, without its higher layers."""

from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner


class Directive(Exception):
    """A line that starts with ``%``."""


class EventStream(Reader, Scanner, Parser):
    """The three layers in one object, always in YAML 1.2.

    No resolver, composer or constructor is involved: events carry text, and only the text is used.
    ruamel looks up its layers and the version through properties; plain attributes are faster.
    """

    processing_version = scanner_processing_version = (1, 2)
    comment_handling = None
    reader = scanner = resolver = None

    def __init__(self, text: str) -> None:
        self.reader = self.scanner = self.resolver = self
        self._reader = self._scanner = self._parser = self
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)

    def fetch_directive(self) -> None:
        """Reject directives: a %YAML 1.1 line would change the meaning of the rest."""
        raise Directive
