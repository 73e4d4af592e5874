"""One layout, whatever the recipe looked like; what it says stays."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.source import find
from runner.source.editing.canonical import formatted
from runner.source.editing.edit import spliced
from runner.source.yaml.nodes import to_data
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import Budget
from tests.cli.program import GALLERY
from tests.source.samples import SAMPLES

TEXTS = [*SAMPLES, *(path.read_text() for path in find([GALLERY]))]


def laid_out(text: str) -> str:
    """The text in the canonical layout."""
    return formatted(SourceText("r.yaml", text))


def data(text: str) -> str:
    """What a text says; types count."""
    root, problems = parse(SourceText("r.yaml", text), Budget())
    assert root is not None
    assert problems == []
    return repr(to_data(root))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "a: 1\n"),
        ("a: 1\n\n\n", "a: 1\n"),
        ("a: 1\r\nb: 2\rc: 3\r\n", "a: 1\nb: 2\nc: 3\n"),
        ("a: 1  \nb: 2 \n", "a: 1\nb: 2\n"),
        ("a: 1   # one  \n", "a: 1   # one\n"),
        ("a:    1\n", "a: 1\n"),
        ("a   : 1\n", "a: 1\n"),
        ("a: {b: 1,c:   2 , d: [ 1,2 ]}\n", "a: {b: 1, c: 2, d: [1, 2]}\n"),
        ("a: { }\nb: [ ]\n", "a: {}\nb: []\n"),
        ("a: {b: 1, }\n", "a: {b: 1}\n"),
        ('a: {"b":1}\n', 'a: {"b": 1}\n'),
        ("a: {b, c: }\n", "a: {b, c: }\n"),
        ("a: [b: 1,  c: 2]\n", "a: [b: 1, c: 2]\n"),
        ("a: {b: 1,  # one\n  c: 2}\n", "a: {b: 1,  # one\n  c: 2}\n"),
        ("a:\n    b: 1\n    c: 2\n", "a:\n  b: 1\n  c: 2\n"),
        ("a:\n b:\n  c: 1\n", "a:\n  b:\n    c: 1\n"),
        ("a:\n- b: 1\n  c: 2\n- d\n", "a:\n  - b: 1\n    c: 2\n  - d\n"),
        ("a:\n  -   b: 1\n      c: 2\n  -   d\n", "a:\n  - b: 1\n    c: 2\n  - d\n"),
        ("a:\n  -\n    b: 1\n", "a:\n  -\n    b: 1\n"),
        ("a:\n- - 1\n  - 2\n", "a:\n  - - 1\n    - 2\n"),
        ("a:\n    # about b\n    b: 1\n    # the end\nc: 2\n", "a:\n  # about b\n  b: 1\n  # the end\nc: 2\n"),
        ("a:\n    b: one\n      two\n    c: 1\n", "a:\n  b: one\n    two\n  c: 1\n"),
        ("a:\n    b: |\n        x  \n          y\n    c: 1\n", "a:\n  b: |\n      x  \n        y\n  c: 1\n"),
        ("a: |+\n  x\n\n\n", "a: |+\n  x\n\n\n"),
        ("? a\n: b\n", "? a\n: b\n"),
        ("---\na: 1\n...\n", "---\na: 1\n...\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert laid_out(before) == after


@pytest.mark.parametrize("text", TEXTS)
def test_the_gallery_is_laid_out_already_and_stays(text: str) -> None:
    assert data(laid_out(text)) == data(text)
    if text not in SAMPLES:
        assert laid_out(text) == text


def test_a_byte_order_mark_goes(tmp_path: Path) -> None:
    from runner.source.yaml.read import read_source

    path = tmp_path / "r.yaml"
    path.write_bytes("\ufeffa: 1\n".encode())
    source = read_source(path, "r.yaml", Budget())
    assert source.written == "\ufeffa: 1\n"
    assert formatted(source) == "a: 1\n"


@pytest.mark.parametrize("text", ["a: [", "- a\n", "", "a: !x 1\n", "a: 1\na: 2\n", "a: \x07\n"])
def test_what_is_no_recipe_is_left_alone(text: str) -> None:
    with pytest.raises(Refused):
        laid_out(text)


@st.composite
def untidy(draw: st.DrawFn) -> str:
    """A sample with blanks, breaks and comments put in where they may stand, if the data stays."""
    text = draw(st.sampled_from(TEXTS))
    places = draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True))
    pieces = st.sampled_from([" ", "  ", "\n", "# c\n", "\n  # d\n", " # e\n", "\r\n", "\t", "\n\n"])
    changed = spliced(text, [(place, place, draw(pieces)) for place in places])
    try:
        root, problems = parse(SourceText("r", changed), Budget())
    except Refused:
        return text
    return changed if root is not None and not problems else text


@settings(deadline=None)
@given(untidy())
def test_formatting_twice_changes_nothing_more_and_says_the_same(text: str) -> None:
    once = laid_out(text)
    assert data(once) == data(text)
    assert laid_out(once) == once
    assert comments(once) == comments(text)


def comments(text: str) -> list[str]:
    """What stands behind ``#``, roughly; quoted signs count on both sides."""
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]
