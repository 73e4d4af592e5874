"""The reader of the everyday part of YAML says what the whole reader says, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.source import find
from runner.source.yaml.compose import compose
from runner.source.yaml.fast_reader import read_plain
from runner.source.yaml.nodes import MappingNode, to_data
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import MAX_NODES, Budget, check_characters
from tests.cli.program import GALLERY
from tests.source.samples import SAMPLES
from tests.source.test_fuzz import FUZZ, mutated_text

GALLERY_TEXTS = [path.read_text() for path in find([GALLERY])]
BLOCKS = """\
a: 1  # one
b:
  - x
  - {c: d, e: [1, 2]}

  - f: g
    h:
    - i: 'j'
# between
k:
"""
BRACKETS = """\
a: {b: "c: d", e: {}, f: [],
  # between
  g: [h i, .5, -1]}
l: ~
"""
ROWS = "a:\n- b\n- c: d\n  e: 1/2\nf: (g) h\n"
SIGNS = ("\n", " ", "  ", "\n  ", "\t", "\r", "{", "}", "[", "]", ",", ", ", ":", ": ", "- ", "-", "- a: b", "'", '"',
         "#", " #", "\n#", "&a ", "*a", "!x ", "| ", "> ", "? ", "%", "\\", "<<: ", "\n---\n", "\n...\n", "\n- ", "@",
         "`", "=", "1e999", "0o8", "true: ", "a:", "a: ", "é", "\ufeff", "\xa0", "\u3000", "_")  # fmt: skip


def plain(text: str) -> tuple[MappingNode | None, int]:
    """What the reader says, and what it leaves of the budget."""
    budget = Budget()
    return read_plain(SourceText("r", text), budget), budget.nodes


def assert_same_or_silent(text: str) -> None:
    """Positions, types and styles count, and what is left of the budget."""
    try:
        check_characters(SourceText("r", text))
    except Refused:
        return
    root, left = plain(text)
    if root is None:
        assert left == MAX_NODES
        return
    whole = Budget()
    expected, problems = compose(SourceText("r", text), whole, 0)
    assert (repr(root), problems, left) == (repr(expected), [], whole.nodes)
    assert repr(to_data(root)) == repr(to_data(expected)) if expected else False


@pytest.mark.parametrize("text", [*GALLERY_TEXTS, *SAMPLES, BLOCKS, BRACKETS, ROWS])
def test_recipes_are_read_here(text: str) -> None:
    assert plain(text)[0] is not None
    assert_same_or_silent(text)


@pytest.mark.parametrize("text", [BLOCKS, BRACKETS, ROWS])
def test_whatever_sign_is_put_in_or_left_out(text: str) -> None:
    for place in range(len(text) + 1):
        for sign in SIGNS:
            assert_same_or_silent(text[:place] + sign + text[place:])
        for length in (1, 2, 3):
            assert_same_or_silent(text[:place] + text[place + length :])


@FUZZ
@given(mutated_text())
def test_mutated_text(text: str) -> None:
    assert_same_or_silent(text)


@FUZZ
@given(st.text(st.sampled_from("ab1 :-\n{}[],'\"#.~é"), max_size=40).map("a: 1\nb:{}".format))
def test_any_text_of_yaml_signs(text: str) -> None:
    assert_same_or_silent(text)


@pytest.mark.parametrize(
    "text",
    ["", "# c\n", " a: 1", "- a", "a", "a: b: c", "a: |\n  b", "a: b\n  c", "a: 'b''c'", 'a: "\\n"', "a: &x 1", "a: !x",
     "a:\tb", "a: 1\r\n", "a: 1\na: 2", "true: 1", "a: 1e999", "a: .inf", "a: - b", "a: ...", "a: {b: 1,}", "a: {b}",
     "a: [b: c]", "a: [b#c\n]", "a: 'b\n  c'", "---\na: 1", "a: 1\n---", "a: {b: 1} c", "a:\n  - b\n  c: d",
     "a:\n    b: 1\n  c: 2", "? a", "a: b#c", "a: *x", "{a: 1}"],
)  # fmt: skip
def test_faults_and_rarities_are_left_to_the_whole_reader(text: str) -> None:
    assert plain(text) == (None, MAX_NODES)


def test_a_text_beyond_the_budget_is_left_to_the_whole_reader() -> None:
    source = SourceText("r", "a: 1\nb: 2")
    assert read_plain(source, Budget(nodes=4)) is None
    assert read_plain(source, Budget(nodes=5)) is not None


def test_deep_nesting_is_left_to_the_whole_reader() -> None:
    assert plain("a: " + "[" * 12 + "]" * 12)[0] is not None
    assert plain("a: " + "[" * 40 + "]" * 40)[0] is None
    assert plain("".join(" " * i + f"a{i}:\n" for i in range(600)))[0] is None
