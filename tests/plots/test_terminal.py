import numpy as np
import pytest

from runner.plots.braille import ASCII, BRAILLE, Canvas
from runner.plots.terminal import PLAIN, UNICODE, Line, Size, draw_track
from tests.plots.tracks import COSINE, ONE_CYCLE, PIECEWISE, PLATEAU, track

EVERY = (ONE_CYCLE, COSINE, PIECEWISE, PLATEAU, {"kind": "cyclic", "min_lr": 0, "max_lr": 1, "half_cycle": "20 steps"})


def texts(lines: list[Line], role: str) -> list[str]:
    return [line.text for line in lines if line.role == role]


def test_a_dot_stands_where_it_should() -> None:
    canvas = Canvas(2, 1, BRAILLE)
    canvas.trace(np.array([0.0, 0.0]), np.array([0.0, 0.0]))
    canvas.trace(np.array([1.0, 1.0]), np.array([1.0, 1.0]))
    assert canvas.lines() == ["\N{BRAILLE PATTERN DOTS-7}\N{BRAILLE PATTERN DOTS-4}"]


def test_a_diagonal_rises() -> None:
    canvas = Canvas(2, 2, ASCII)
    canvas.trace(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert canvas.lines() == [" :", ":"]


def test_one_cycle_rises_falls_and_is_labelled() -> None:
    lines = draw_track(track(**ONE_CYCLE), Size(80))
    rate = texts(lines, "rate")
    assert len(rate) == 6
    assert rate[0].startswith("  0.1 ┤")
    assert rate[-1].startswith("1e-05 ┤")
    assert 30 < rate[0].index("⠋") < 45
    assert texts(lines, "momentum")[-1].startswith(" 0.85 ┤")
    epochs, phases = texts(lines, "axis")[1:]
    assert epochs.split() == ["epoch", *map(str, range(11))]
    assert phases.split("│") == [f"{'':7}{'first half':33}", f"{'second half':32}", "final"]


@pytest.mark.parametrize("keys", EVERY)
@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
@pytest.mark.parametrize("glyphs", [UNICODE, PLAIN])
def test_no_line_is_longer_than_the_width_or_ends_with_spaces(
    keys: dict[str, object], width: int, glyphs: object
) -> None:
    lines = draw_track(track(**keys), Size(width), glyphs)  # type: ignore[arg-type]
    assert max(len(line.text) for line in lines) <= width
    assert all(line.text == line.text.rstrip() for line in lines)


@pytest.mark.parametrize("keys", [ONE_CYCLE, COSINE, PIECEWISE])
def test_plain_curves_are_ascii(keys: dict[str, object]) -> None:
    assert all(line.text.isascii() for line in draw_track(track(**keys), Size(80), PLAIN))


def test_what_never_moves_is_told_in_a_line() -> None:
    assert draw_track(track(kind="constant", learning_rate=0.05), Size(80)) == [
        Line("note", "learning rate 0.05 throughout"),
        Line("note", "momentum 0.9 throughout"),
    ]


def test_a_name_wider_than_its_phase_stands_below() -> None:
    *_, names, below = texts(draw_track(track(**COSINE), Size(80)), "axis")
    assert names.strip() == "│decay"
    assert below.strip() == "╰warmup"


def test_wide_characters_count_twice() -> None:
    phases = [
        {"name": "学习" * 10, "duration": "50%", "learning_rate": 0.1},
        {"name": "b", "duration": "50%", "learning_rate": {"from": 0.1, "to": 0}},
    ]
    axis = texts(draw_track(track(kind="phases", phases=phases), Size(60)), "axis")
    assert axis[-1].strip() == "2 phases" or all(len(line) + line.count("学") + line.count("习") <= 60 for line in axis)


def test_logarithms_lift_what_is_small() -> None:
    def height_at_start(*, log: bool) -> int:
        rate = texts(draw_track(track(**ONE_CYCLE), Size(80), log=log), "rate")
        return next(row for row, text in enumerate(rate) if text[7:8].strip())

    assert height_at_start(log=True) < height_at_start(log=False)


def test_the_earliest_cuts_are_dashed() -> None:
    plateau = texts(draw_track(track(**PLATEAU), Size(80)), "rate")
    assert " ⠉ " in "".join(plateau) or " ⠤ " in "".join(plateau)
