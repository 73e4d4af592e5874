"""What is printed, to the character."""

import json

import pytest

from runner.diagnostics import Diagnostic, Span, render

LINE = "    - {kind: dense, units: 300, activation: relu, droput: 0.3}"
UNKNOWN = Diagnostic(
    code="R012",
    message="unknown key 'droput'",
    span=Span("recipes/mine.yaml", 18, 51, 6),
    label="did you mean 'dropout'?",
    fix="dropout",
    excerpt=LINE,
)
WARNING = Diagnostic(
    code="R140",
    severity="warning",
    message="patience is longer than the run",
    span=Span("a.yaml", 7, 3, 8),
    help=("lower it", "or train longer"),
    notes=("the run has 3 epochs",),
    excerpt="  patience: 9",
)
NOWHERE = Diagnostic(code="R001", message="the recipe cannot be read", span=None)
ARGUMENT = Diagnostic(
    code="R013",
    message="'epochs' must be a whole number, got 'ten'",
    span=Span("--set training.epochs", 1, 17, 3),
    excerpt="training.epochs=ten",
)


def test_full() -> None:
    assert render([UNKNOWN]) == (
        "error[R012]: unknown key 'droput'\n"
        "  --> recipes/mine.yaml:18:51\n"
        "   |\n"
        "18 |     - {kind: dense, units: 300, activation: relu, droput: 0.3}\n"
        "   |                                                   ^^^^^^ did you mean 'dropout'?\n"
        "   = help: recipe explain R012\n"
    )


def test_full_with_notes_and_several_diagnostics() -> None:
    assert render([WARNING, NOWHERE]) == (
        "warning[R140]: patience is longer than the run\n"
        " --> a.yaml:7:3\n"
        "  |\n"
        "7 |   patience: 9\n"
        "  |   ^^^^^^^^\n"
        "  = note: the run has 3 epochs\n"
        "  = help: lower it\n"
        "  = help: or train longer\n"
        "  = help: recipe explain R140\n"
        "\n"
        "error[R001]: the recipe cannot be read\n"
        "  = help: recipe explain R001\n"
    )


def test_full_of_an_argument() -> None:
    assert render([ARGUMENT]) == (
        "error[R013]: 'epochs' must be a whole number, got 'ten'\n"
        " --> --set training.epochs\n"
        "  |\n"
        "  | training.epochs=ten\n"
        "  |                 ^^^\n"
        "  = help: recipe explain R013\n"
    )


def test_full_of_a_file_without_a_line() -> None:
    diagnostic = Diagnostic(code="R001", message="the recipe cannot be read", span=Span("a.yaml", 1, 1, 1))
    assert render([diagnostic]) == (
        "error[R001]: the recipe cannot be read\n --> a.yaml:1:1\n  = help: recipe explain R001\n"
    )


def test_concise() -> None:
    assert render([UNKNOWN, WARNING, NOWHERE, ARGUMENT], "concise") == (
        "recipes/mine.yaml:18:51: error[R012] unknown key 'droput'; did you mean 'dropout'?\n"
        "a.yaml:7:3: warning[R140] patience is longer than the run\n"
        "error[R001] the recipe cannot be read\n"
        "--set training.epochs:1:17: error[R013] 'epochs' must be a whole number, got 'ten'\n"
    )


def test_json() -> None:
    assert json.loads(render([UNKNOWN, NOWHERE], "json")) == [
        {
            "code": "R012", "severity": "error", "message": "unknown key 'droput'", "file": "recipes/mine.yaml",
            "line": 18, "column": 51, "end_column": 57, "label": "did you mean 'dropout'?", "suggestion": "dropout",
            "help": [], "notes": [],
        },
        {
            "code": "R001", "severity": "error", "message": "the recipe cannot be read", "file": None, "line": None,
            "column": None, "end_column": None, "label": None, "suggestion": None, "help": [], "notes": [],
        },
    ]  # fmt: skip


def test_github() -> None:
    hostile = Diagnostic(
        code="R017", message="50%\r\n::error::x", span=Span("a,b:c.yaml", 2, 3, 4), help=("one", "two")
    )
    assert render([UNKNOWN, WARNING, NOWHERE, ARGUMENT, hostile], "github") == (
        "::error file=recipes/mine.yaml,line=18,col=51,endColumn=57,title=error[R012]::unknown key 'droput': "
        "did you mean 'dropout'?\n"
        "::warning file=a.yaml,line=7,col=3,endColumn=11,title=warning[R140]::patience is longer than the run; "
        "lower it; or train longer\n"
        "::error title=error[R001]::the recipe cannot be read\n"
        "::error title=error[R013]::'epochs' must be a whole number, got 'ten'\n"
        "::error file=a%2Cb%3Ac.yaml,line=2,col=3,endColumn=7,title=error[R017]::50%25%0D%0A::error::x; one; two\n"
    )


@pytest.mark.parametrize(("form", "text"), [("full", ""), ("concise", ""), ("json", "[]\n"), ("github", "")])
def test_nothing_to_say(form: str, text: str) -> None:
    assert render([], form) == text  # type: ignore[arg-type]


def shown(line: str, column: int, length: int, columns: int = 120) -> list[str]:
    """The line of the recipe and the one with the carets."""
    diagnostic = Diagnostic(code="R012", message="m", span=Span("f", 1, column, length), excerpt=line)
    return render([diagnostic], columns=columns).split("\n")[3:5]


def test_carets_are_under_wide_and_combining_characters() -> None:
    assert shown("训练: e\u0301x 🎂", 5, 3) == ["1 | 训练: e\u0301x 🎂", "  |       ^^"]
    assert shown("a: 训练", 4, 2) == ["1 | a: 训练", "  |    ^^^^"]


def test_tabs_are_four_spaces() -> None:
    assert shown("a:\tb\tc", 6, 1) == ["1 | a:    b    c", "  |            ^"]
    assert shown("\ta: 1", 1, 1) == ["1 |     a: 1", "  | ^^^^"]


def test_a_caret_may_stand_behind_the_line() -> None:
    assert shown("a: [", 5, 1) == ["1 | a: [", "  |     ^"]
    assert shown("", 1, 1) == ["1 | ", "  | ^"]


def test_control_characters_are_shown_not_obeyed() -> None:
    line, carets = shown("a: \x1b[31m\u202ex", 4, 1)
    assert line == "1 | a: \\x1b[31m\\u202ex"
    assert carets == "  |    ^^^^"


def test_a_long_line_is_cut_around_the_carets() -> None:
    line, carets = shown("x" * 5000 + "BAD" + "y" * 5000, 5001, 3, columns=84)
    assert len(line) == 84
    assert line == "1 | …" + "x" * 39 + "BAD" + "y" * 36 + "…"
    assert carets == "  | " + " " * 40 + "^^^"


def test_long_carets_are_cut() -> None:
    line, carets = shown("a: " + "z" * 5000, 4, 5000, columns=60)
    assert line == "1 | a: " + "z" * 51 + "…"
    assert carets == "  |    " + "^" * 52


def test_a_long_line_of_wide_characters_is_cut_by_width() -> None:
    line, carets = shown("训" * 500 + "BAD" + "练" * 500, 501, 3, columns=84)
    assert line.index("BAD") - 4 - 1 == 19
    assert carets == "  | " + " " * 39 + "^^^"


LONG = Diagnostic(
    code="R117",
    message="1cycle's final phase should last an epoch or more; 10% are 0.8 epochs",
    span=Span("recipes/mine.yaml", 18, 51, 6),
    label="did you mean 'dropout'?",
    excerpt=LINE,
    notes=("`training.epochs` of the recipe is 8",),
    help=("write `final: {duration: 1 epoch}` with shorter halves, or train for more epochs",),
)


def test_on_a_narrow_terminal_lines_are_wrapped_and_carets_stay_beneath_their_place() -> None:
    assert render([LONG], columns=40) == (
        "error[R117]: 1cycle's final phase should\n"
        "    last an epoch or more; 10% are 0.8\n"
        "    epochs\n"
        "  --> recipes/mine.yaml:18:51\n"
        "   |\n"
        "18 | …00, activation: relu, droput: 0.3}\n"
        "   |                        ^^^^^^\n"
        "   |             did you mean 'dropout'?\n"
        "   = note: `training.epochs` of the\n"
        "           recipe is 8\n"
        "   = help: write\n"
        "           `final: {duration: 1 epoch}`\n"
        "           with shorter halves, or train\n"
        "           for more epochs\n"
        "   = help: recipe explain R117\n"
    )


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_on_a_terminal_no_line_is_wider_and_no_word_is_lost(columns: int) -> None:
    lines = render([LONG, WARNING, ARGUMENT, NOWHERE], columns=columns).splitlines()
    assert max(map(len, lines)) <= min(columns, 120)
    said = " ".join(" ".join(line.lstrip(" |") for line in lines).split())
    for text in (LONG.message, LONG.label, *LONG.help, *LONG.notes):
        assert text in said


def test_without_a_terminal_a_message_is_one_line() -> None:
    assert LONG.message in render([LONG]).split("\n")[0]


def test_text_is_never_markup() -> None:
    diagnostic = Diagnostic(
        code="R012", message="[red]m[/red]", span=Span("[b]f[/b]", 1, 1, 3), excerpt="[u]x[/u] :cake:", label="[i]"
    )
    plain = render([diagnostic])
    for word in ("[red]m[/red]", "[b]f[/b]:1:1", "[u]x[/u] :cake:", "^^^ [i]"):
        assert word in plain
        assert word in strip(render([diagnostic], color=True))


def test_colour_changes_nothing_but_colours() -> None:
    items = [UNKNOWN, WARNING, NOWHERE, ARGUMENT]
    coloured = render(items, color=True)
    assert "\x1b[1;31merror[R012]\x1b[0m" in coloured
    assert "\x1b[1;33mwarning[R140]\x1b[0m" in coloured
    assert strip(coloured) == render(items)


def test_no_colour_without_asking() -> None:
    assert "\x1b" not in render([UNKNOWN])


def strip(text: str) -> str:
    """The text without ANSI sequences."""
    import re

    return re.sub("\x1b\\[[0-9;]*m", "", text)
