"""Messages break between words, hang, and keep what is for copying in one piece."""

from hypothesis import given
from hypothesis import strategies as st

from runner.text import width
from runner.wrapping import wrapped


def test_a_text_is_broken_between_words_and_hangs() -> None:
    assert wrapped("a rule, and what it is for", 12, hang=2) == ["a rule, and", "  what it is", "  for"]
    assert wrapped("a rule, and what", 12, hang=2, used=8) == ["a", "  rule, and", "  what"]
    assert wrapped("a rule, and what it is for", None) == ["a rule, and what it is for"]
    assert wrapped("two  blanks stay", 20) == ["two  blanks stay"]


def test_what_is_for_copying_stays_in_one_piece() -> None:
    assert wrapped("write `recipe run a.yaml`, then", 22, hang=2) == ["write", "  `recipe run a.yaml`,", "  then"]
    assert wrapped("in /a/path/that/is/longer/than/a/line", 12) == ["in", "/a/path/that/is/longer/than/a/line"]
    assert wrapped("`one that is longer than a line` too", 12) == ["`one that is longer than a line`", "too"]


@given(st.text(st.characters(categories=["L", "Mn", "P", "Zs"])), st.integers(1, 60), st.integers(0, 8))
def test_no_character_but_blanks_is_lost(text: str, columns: int, hang: int) -> None:
    lines = wrapped(text, columns, hang=hang)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= columns or len(line.split()) < 2 or "`" in line for line in lines)
