"""The registry of codes: every module in ``runner.diagnostics.pages`` contributes a list ``PAGES``."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from textwrap import dedent, fill, indent


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What ``recipe explain CODE`` shows."""

    code: str
    title: str
    """The error in a few words."""
    what: str
    """When the code is reported."""
    why: str
    """Why it matters."""
    bad: str
    """An example that triggers the code."""
    good: str
    """The example, fixed."""

    def text(self, width: int = 100) -> str:
        """The page as ``recipe explain`` prints it, its paragraphs in lines of at most ``width`` columns."""
        return "\n\n".join(
            (
                *(_paragraph(text, width) for text in (f"{self.code}: {self.title}", self.what, self.why)),
                "Wrong:\n\n" + _example(self.bad, width),
                "Right:\n\n" + _example(self.good, width) + "\n",
            )
        )


def _paragraph(text: str, width: int) -> str:
    return fill(" ".join(text.split()), width, break_long_words=False, break_on_hyphens=False)


def _example(text: str, width: int) -> str:
    """An example behind four spaces, or behind two where its lines fit only so."""
    lines = dedent(text).strip("\n")
    wide = max(map(len, lines.splitlines()), default=0) + 4 > width
    return indent(lines, "  " if wide else "    ")


@cache
def registry() -> dict[str, Page]:
    """All pages by code, in order of code.

    To add a family of codes, add a module to ``runner.diagnostics.pages``; this function finds it.

    Raises:
        ValueError: two modules define the same code.
    """
    from runner.diagnostics import pages as package

    found: dict[str, Page] = {}
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        for page in import_module(module.name).PAGES:
            if page.code in found:
                raise ValueError(f"{page.code} is defined twice, the second time in {module.name}")
            found[page.code] = page
    return dict(sorted(found.items()))


def explain(code: str, width: int = 100) -> str | None:
    """The page of a code, in any capitalisation, for so many columns; None if the code is unknown."""
    page = registry().get(code.strip().upper())
    return page.text(width) if page else None
