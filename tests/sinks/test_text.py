"""Text from outside is inert once it is printable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ümlaut, 学習, 🙂", "plain text, ümlaut, 学習, 🙂"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x9b31m\x7f\x00", r"\x9b31m\x7f\x00"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("zero\u200bwidth\u200d\ufeff", r"zero\u200bwidth\u200d\ufeff"),
        ("\ud800 \u2028 \U000e0041", r"\ud800 \u2028 \U000e0041"),
        ("[red]not markup[/]", "[red]not markup[/]"),
    ],
)
def test_hidden_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert printable(shown) == shown
