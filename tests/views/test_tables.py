"""Tables fit the screen without cutting anything."""

import pytest
from rich.cells import cell_len

from runner.sinks import formatting as fmt
from runner.views.lines import Screen
from runner.views.tables import Column, table

COLUMNS = (Column("name"), Column("mean_absolute_error", left=False), Column("note", leaves=1))
ROWS = (("price_of_the_thing", "0.5000", "standard"), ("日本語の猫 🐱", "1.2500", "log"))


def lines(width: int, columns: tuple[Column, ...] = COLUMNS) -> list[str]:
    """The table on a screen of so many columns."""
    made = table(Screen(width, unicode=True, color=False), columns, ROWS)
    return [line for row in made for line in row.plain.splitlines()]


def test_headings_are_wrapped_before_a_column_leaves_and_texts_after_that() -> None:
    assert lines(60) == [
        "name                mean_absolute_error  note",
        "price_of_the_thing               0.5000  standard",
        "日本語の猫 🐱                    1.2500  log",
    ]
    assert lines(40) == [
        "                          mean_",
        "                      absolute_",
        "name                      error note",
        "price_of_the_thing       0.5000 standard",
        "日本語の猫 🐱            1.2500 log",
    ]
    assert lines(22) == [
        "                 mean_",
        "             absolute_",
        "name             error",
        "price_of_       0.5000",
        "  the_thing",
        "日本語の猫      1.2500",
        "  🐱",
        "too narrow for: note",
    ]


@pytest.mark.parametrize("width", range(22, 60))
def test_no_line_is_wider_than_the_screen_and_no_number_is_broken(width: int) -> None:
    found = lines(width)
    assert max(map(cell_len, found)) <= width
    assert all(any(number in line.split() for line in found) for number in ("0.5000", "1.2500"))


def test_a_column_may_be_wrapped_before_any_leaves() -> None:
    wrapped = (COLUMNS[0], COLUMNS[1], Column("note", leaves=1, least=4))
    found = lines(34, wrapped)
    assert not any("too narrow" in line for line in found)
    assert max(map(cell_len, found)) <= 34


@pytest.mark.parametrize("text", ["", " ", "  indented", "a", "日本語の猫" * 5, "path/to/a-file.of_words", "x" * 30])
@pytest.mark.parametrize("columns", [3, 8, 20, 80])
def test_a_folded_text_has_all_of_its_characters_in_lines_that_fit(text: str, columns: int) -> None:
    folded = fmt.fold(text, columns, hang=1)
    assert "".join("".join(folded).split()) == "".join(text.split())
    assert all(cell_len(line) <= columns for line in folded)
    assert all(line.startswith(" ") for line in folded[1:])
