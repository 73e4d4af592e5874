"""The picture of a model."""

import re
import xml.etree.ElementTree as ET

import pytest

from runner.plots.graph_picture import Box, graph_picture
from runner.plots.style import DARK, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
BOXES = [
    Box("input", "8 x 8 x 1"),
    Box("conv2d_1", "8 x 8 x 4", (), (0,)),
    Box("conv2d_1", "8 x 8 x 4", ("stage", "1"), (1,)),
    Box("conv2d_2", "8 x 8 x 4", ("stage", "1"), (1,)),
    Box("add_1", "8 x 8 x 4", ("stage", "1"), (2, 3)),
    Box("conv2d_1", "8 x 8 x 4", ("stage", "2"), (4,)),
    Box("add_1", "8 x 8 x 4", (), (1, 5)),
]


def drawn(boxes: list[Box] = BOXES, title: str = "model", *, dark: bool = False) -> ET.Element:
    return ET.fromstring(graph_picture(boxes, title, ["digits", "9 parameters"], dark=dark))


def texts(root: ET.Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_every_layer_has_a_box_and_every_block_a_frame() -> None:
    root = drawn()
    assert [text for text in texts(root) if text in ("stage", "1", "2")] == ["stage", "1", "2"]
    assert texts(root).count("conv2d_1") == 3
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 3 + len(BOXES)


def test_a_frame_holds_its_boxes() -> None:
    root = drawn([Box("input", ""), Box("in", "", ("a",), (0,)), Box("out", "", (), (1,))])
    _, frame, _, inner, after = ([float(one.get(key, "0")) for key in ("x", "y", "width", "height")]
                                 for one in root.iter(f"{SVG}rect"))  # fmt: skip
    assert frame[0] < inner[0]
    assert frame[0] + frame[2] > inner[0] + inner[2]
    assert frame[1] < inner[1] < inner[1] + inner[3] < frame[1] + frame[3] < after[1]


def test_every_input_has_a_line_and_lines_that_overlap_have_lanes_of_their_own() -> None:
    paths = [path.get("d", "") for path in drawn().iter(f"{SVG}path") if path.get("fill") == "none"]
    assert len(paths) == sum(len(box.inputs) for box in BOXES)
    around = [re.fullmatch(r"M\d+ (\d+)H(\d+)V(\d+)H\d+", path) for path in paths]
    lanes = {(int(line[2]), int(line[1])): int(line[3]) for line in around if line}
    assert len({lane for lane, _ in lanes}) == 2, "of conv2d_1 to three, and of the inner conv2d_1"
    for (lane, top), bottom in lanes.items():
        others = [(start, end) for (other, start), end in lanes.items() if other == lane and start != top]
        assert all(end <= top or start >= bottom for start, end in others)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a & b", '"quoted"', "\x1b[2J", "x" * 500, "\u202eabc"])
def test_names_are_text_and_nothing_else(name: str) -> None:
    boxes = [Box(name, name), Box(name, name, (name,), (0,))]
    data = graph_picture(boxes, name, [name, name])
    root = ET.fromstring(data)
    assert {element.tag for element in root.iter()} <= {
        f"{SVG}{tag}" for tag in ("svg", "title", "desc", "rect", "text", "path")
    }
    assert b"\x1b" not in data
    assert "\u202e" not in data.decode()
    assert max(map(len, texts(root))) <= 64


def test_a_picture_is_light_or_dark_and_always_the_same() -> None:
    light, dark = graph_picture(BOXES, "m", []), graph_picture(BOXES, "m", [], dark=True)
    assert light == graph_picture(BOXES, "m", [])
    assert LIGHT.paper.encode() in light
    assert LIGHT.paper.encode() not in dark
    assert DARK.paper.encode() in dark
