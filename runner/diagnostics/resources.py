"""Lists of names that lie beside this package's modules."""

from importlib.resources import files


def lines_of(name: str) -> list[str]:
    """Lines of a list, without comments and empty ones."""
    text = files("runner.diagnostics.names").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
