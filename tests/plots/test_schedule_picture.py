import time
import tracemalloc
from itertools import pairwise

import matplotlib as mpl
import pytest

from runner.plots.canvas import LEFT, WIDTH
from runner.plots.schedule_plot import schedule_picture
from runner.plots.style import DARK, LIGHT
from tests.plots.tracks import COSINE, ONE_CYCLE, PIECEWISE, PLATEAU, Svg, edges, pixels, share_of, track


def test_title_length_axes_and_phases_stand_on_the_picture() -> None:
    texts = Svg(schedule_picture(track("mnist_1cycle", **ONE_CYCLE), "svg")).texts
    assert {"mnist_1cycle", "1cycle · 4,300 steps in 10 epochs of 430"} <= set(texts)
    assert {"step", "epoch", "learning rate", "momentum", "first half", "second half", "final"} <= set(texts)
    assert {"1,000", "4,000", "9", "10"} <= set(texts)


def test_turning_points_have_their_values() -> None:
    texts = Svg(schedule_picture(track(**ONE_CYCLE), "svg")).texts
    assert {"0.01", "0.1", "1e-05", "0.95", "0.85"} <= set(texts)


def test_one_curve_each() -> None:
    assert Svg(schedule_picture(track(**ONE_CYCLE), "svg")).curves == ["learning-rate", "momentum"]


def test_a_momentum_that_stays_is_told_in_words() -> None:
    svg = Svg(schedule_picture(track(**COSINE), "svg"))
    assert svg.curves == ["learning-rate"]
    assert "cosine after a warm-up · 4,300 steps in 10 epochs of 430 · momentum 0.9 throughout" in svg.texts
    without = Svg(schedule_picture(track(base_momentum=None, **COSINE), "svg"))
    assert not any("momentum" in text for text in without.texts)


def test_the_curve_runs_from_edge_to_edge_with_its_peak_on_the_boundary() -> None:
    points = Svg(schedule_picture(track(**ONE_CYCLE), "svg")).points("learning-rate")
    left, right = points[0][0], points[-1][0]
    peak = min(points, key=lambda point: point[1])
    assert left == pytest.approx(72 * LEFT, abs=0.1)
    assert right < 72 * WIDTH
    assert (peak[0] - left) / (right - left) == pytest.approx(1935 / 4299, abs=1e-3)


def test_a_jump_is_upright() -> None:
    points = Svg(schedule_picture(track(**PIECEWISE), "svg")).points("learning-rate")
    steepest = max(pairwise(points), key=lambda pair: pair[1][1] - pair[0][1])
    assert steepest[1][0] - steepest[0][0] < 0.2


def test_a_plateau_shows_its_earliest_cuts() -> None:
    svg = Svg(schedule_picture(track(**PLATEAU), "svg"))
    assert sorted(svg.curves) == ["learning-rate", "soonest-cuts"]
    assert "× 0.5 whenever val_loss has not improved for 2 epochs; dashed: the earliest possible cuts" in svg.texts
    assert "0.000625" in svg.texts


def test_a_logarithmic_axis_has_powers_of_ten_and_stays_on_the_paper() -> None:
    svg = Svg(schedule_picture(track(**COSINE), "svg", log=True))
    assert {"0.01", "0.001", "0.0001", "1e-05"} <= set(svg.texts)
    one_cycle = Svg(schedule_picture(track(**ONE_CYCLE), "svg", log=True)).points("learning-rate")
    assert all(0 < y < 72 * 4.8 for _, y in one_cycle)


def test_too_many_phases_are_counted() -> None:
    texts = Svg(schedule_picture(track(kind="cyclic", min_lr=0, max_lr=1, half_cycle="50 steps"), "svg")).texts
    assert "86 phases: cycle 1 up … cycle 43 down" in texts
    assert "cycle 1 up" not in texts


def test_a_name_from_outside_is_text_and_nothing_else() -> None:
    phases = [{"name": "$x^2$ <b>&\x1b[2J", "duration": "100%", "learning_rate": 0.1}]
    assert "$x^2$ <b>&\\x1b[2J" in Svg(schedule_picture(track(kind="phases", phases=phases), "svg")).texts


def test_a_name_in_a_script_that_the_font_lacks_is_no_error() -> None:
    phases = [{"name": "학습", "duration": "100%", "learning_rate": 0.1}]
    assert schedule_picture(track(kind="phases", phases=phases), "png").startswith(b"\x89PNG")
    assert "학습" in Svg(schedule_picture(track(kind="phases", phases=phases), "svg")).texts


@pytest.mark.parametrize("form", ["svg", "png"])
def test_the_same_bytes_every_time_whatever_the_settings(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = schedule_picture(track(**ONE_CYCLE), form)  # type: ignore[arg-type]
    for key, value in {"lines.linewidth": 9.0, "axes.spines.top": False, "xtick.direction": "in"}.items():
        monkeypatch.setitem(mpl.rcParams, key, value)
    assert schedule_picture(track(**ONE_CYCLE), form) == first  # type: ignore[arg-type]
    assert b"dc:date" not in first
    assert mpl.rcParams["lines.linewidth"] == 9.0, "the process' own settings are left alone"


@pytest.mark.parametrize(("dark", "theme"), [(False, LIGHT), (True, DARK)])
def test_png_has_a_ground_and_both_curves(dark: bool, theme: "type[LIGHT]") -> None:
    image = pixels(schedule_picture(track(**ONE_CYCLE), "png", dark=dark))
    assert image.shape == (960, 1440, 3)
    assert 0.3 < share_of(theme.paper, image) < 0.95
    assert share_of(theme.lines[0], image) > 0.002
    assert share_of(theme.lines[1], image) > 0.001


def test_nothing_is_cut_off_at_the_edges() -> None:
    for keys in (ONE_CYCLE, PLATEAU, {"kind": "exponential", "initial_lr": 0.0123, "decay_every": "1 epoch"}):
        image = pixels(schedule_picture(track("a_name_of_64_characters_".ljust(64, "x"), **keys), "png"))
        for edge in edges(image):
            assert share_of(LIGHT.paper, edge) == 1.0


def test_a_hundred_million_steps_cost_what_a_thousand_do() -> None:
    schedule_picture(track(**ONE_CYCLE), "svg")  # imports
    tracemalloc.start()
    begin = time.process_time()
    picture = schedule_picture(track(steps=10**8, per_epoch=10**4, **ONE_CYCLE), "svg")
    seconds, (_, peak) = time.process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 3
    assert peak < 50e6
    assert {"100 M", "10000"} <= set(Svg(picture).texts)


def test_a_run_of_one_step_can_be_drawn() -> None:
    assert Svg(schedule_picture(track(steps=1, per_epoch=1, kind="constant", learning_rate=0.1), "svg")).texts
