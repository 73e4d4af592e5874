import pytest

from runner.plots.overlay_plot import overlay_picture
from runner.plots.style import LIGHT, line_style
from tests.plots.tracks import COSINE, ONE_CYCLE, PIECEWISE, Svg, edges, pixels, share_of, track


def test_every_recipe_has_a_curve_and_a_name() -> None:
    tracks = [track("first", **ONE_CYCLE), track("second", **PIECEWISE), track("third", base_momentum=None, **COSINE)]
    svg = Svg(overlay_picture(tracks, "svg"))
    assert [curve for curve in svg.curves if curve.startswith("learning-rate")] == [
        "learning-rate-1",
        "learning-rate-2",
        "learning-rate-3",
    ]
    assert [curve for curve in svg.curves if curve.startswith("momentum")] == ["momentum-1", "momentum-2"]
    assert "second: piecewise, 10 epochs" in svg.texts
    assert "third: cosine after a warm-up, 10 epochs" in svg.texts


def test_momenta_that_stay_are_told_in_the_legend() -> None:
    svg = Svg(overlay_picture([track("a", **COSINE), track("b", base_momentum=0.5, **COSINE)], "svg"))
    assert svg.curves == ["learning-rate-1", "learning-rate-2"]
    assert "b: cosine after a warm-up, 10 epochs, momentum 0.5" in svg.texts


@pytest.mark.parametrize(
    ("across", "lengths", "label", "tick"),
    [
        (None, (4300, 4300), "step", "4,000"),
        (None, (4300, 8600), "share of the run", "80%"),
        ("steps", (4300, 8600), "step", "8,000"),
        ("epochs", (4300, 8600), "epoch", "20"),
        ("share", (4300, 4300), "share of the run", "100%"),
    ],
)
def test_the_axis_follows_the_lengths_unless_it_is_chosen(
    across: None, lengths: tuple[int, int], label: str, tick: str
) -> None:
    tracks = [track(str(steps), steps=steps, **COSINE) for steps in lengths]
    assert {label, tick} <= set(Svg(overlay_picture(tracks, "svg", across=across)).texts)


def test_as_shares_all_curves_end_at_the_right_edge() -> None:
    svg = Svg(overlay_picture([track("a", **COSINE), track("b", steps=100, per_epoch=10, **COSINE)], "svg"))
    ends = {round(svg.points(f"learning-rate-{k}")[-1][0], 2) for k in (1, 2)}
    assert len(ends) == 1


def test_equal_curves_differ_in_their_dashes() -> None:
    picture = overlay_picture([track("a", **COSINE), track("b", **COSINE)], "svg").decode()
    lines = [part.split("</g>")[0] for part in picture.split('id="learning-rate-')[1:]]
    assert "stroke-dasharray" not in lines[0]
    assert "stroke-dasharray" in lines[1]


def test_no_two_of_twenty_curves_look_alike_and_only_the_lowest_has_no_gaps() -> None:
    styles = [tuple(map(str, line_style(k, LIGHT).values())) for k in range(20)]
    assert len(set(styles)) == 20
    assert [k for k, (_, dashes) in enumerate(styles) if dashes == "solid"] == [0]


def test_the_same_bytes_every_time() -> None:
    tracks = [track("a", **COSINE), track("b", **ONE_CYCLE)]
    assert overlay_picture(tracks, "svg", log=True) == overlay_picture(tracks, "svg", log=True)


def test_a_dozen_long_names_stay_on_the_paper() -> None:
    tracks = [track(f"{k:02}".ljust(64, "W"), **COSINE) for k in range(12)]
    image = pixels(overlay_picture(tracks, "png"))
    assert image.shape[0] > 1000
    for edge in edges(image):
        assert share_of(LIGHT.paper, edge) == 1.0
