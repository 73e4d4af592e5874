"""Whatever a recipe holds, it is accepted or told; nothing is raised.

``RECIPE_FUZZ=10000`` asks for more examples, as `make fuzz` does.
"""

import os
import tempfile
from pathlib import Path
from typing import Any
from unicodedata import category

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from runner.cli import app
from runner.diagnostics import registry, render
from runner.source import Loaded, find, load
from runner.source.editing.canonical import formatted
from runner.source.editing.emit import to_yaml
from runner.source.yaml.nodes import to_data
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import Refused, SourceText
from runner.source.yaml.read import Budget
from tests.cli.program import GALLERY
from tests.source.samples import SAMPLES

FUZZ = settings(
    max_examples=int(os.environ.get("RECIPE_FUZZ", "500")), deadline=None, suppress_health_check=list(HealthCheck)
)
TEXTS = (*SAMPLES, *(path.read_text() for path in find([GALLERY])))
HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
CODES = set(registry())
PYDANTIC = ("Input should", "Extra inputs", "Field required", "Value error", "valid dictionary", "Input tag")


def fed(data: bytes, *sets: str) -> Loaded:
    """Load a file with these bytes; whatever is told can be printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.yaml")
        path.write_bytes(data)
        loaded = load(path, sets=sets)
    for form in ("full", "concise", "json", "github"):
        told = render(loaded.diagnostics, form, columns=60)
        assert not any(category(character) in HIDDEN for character in told if character != "\n")
    assert {diagnostic.code for diagnostic in loaded.diagnostics} <= CODES
    assert loaded.ok or any(diagnostic.severity == "error" for diagnostic in loaded.diagnostics)
    assert not any(phrase in diagnostic.message for diagnostic in loaded.diagnostics for phrase in PYDANTIC)
    return loaded


@st.composite
def mutated_text(draw: st.DrawFn) -> str:
    """A sample with some pieces removed, repeated or put in."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        piece = draw(
            st.sampled_from(["", text[start:end] * 2, "\n", "\t", "{", "}", "[", "]", ": ", "- ", "'", '"', "#", "&a ",
                             "*a", "!x ", "| ", "> ", "? ", "<<: ", "---\n", "...", "%", "\r", "\\", "0x", "1e999",
                             "null", ","])
            | st.text(max_size=4)
        )  # fmt: skip
        text = text[:start] + piece + text[end:]
    return text


@FUZZ
@given(mutated_text())
def test_mutated_text(text: str) -> None:
    fed(text.encode("utf-8", "surrogatepass"))


@FUZZ
@given(mutated_text())
def test_the_program_exits_0_or_2(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.yaml")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        for verb in (["validate"], ["show", "--resolved"], ["fmt", "--check"], ["why"]):
            done = CliRunner().invoke(app, [*verb, str(path)])
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            assert done.exit_code in ((0, 1, 2) if verb[0] == "fmt" else (0, 2))


@FUZZ
@given(mutated_text())
def test_formatting_keeps_what_is_said(text: str) -> None:
    try:
        source = SourceText("r", text)
        once = formatted(source)
    except Refused:
        return
    assert formatted(SourceText("r", once)) == once
    assert data_of(once) == data_of(text)


def data_of(text: str) -> str:
    """What a text says; types count."""
    root, _ = parse(SourceText("r", text), Budget())
    assert root is not None
    return repr(to_data(root))


@FUZZ
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    fed(data)


@FUZZ
@given(st.text(st.sampled_from("abk: -\n\t{}[],'\"#&*!|>?%@`\\x0u1.e~=<é\r"), max_size=60))
def test_any_text_of_yaml_signs(text: str) -> None:
    fed(text.encode())


KEYS = st.sampled_from(
    ["kind", "source", "name", "units", "layers", "momentum", "from", "to", "from_", "learning_rate", "duration",
     "dropout", "phases", "extends", "expect", "x", "", "<<", "droput"]
)  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers(-5, 10**13) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["dense", "Dense", "1cycle", "auto", "fixed", "standard", "1/255", "1/0", "45%", "120%",
                       "3 epochs", ">= 1", "12", "1_0", "yes", "relu", "[x]", "mnist/x", "", "train[1:]"])
    | st.text(max_size=5)
)  # fmt: skip
TREES = st.recursive(LEAVES, lambda t: st.lists(t, max_size=3) | st.dictionaries(KEYS, t, max_size=3), max_leaves=6)


def mutate(draw: st.DrawFn, tree: Any) -> Any:
    """The tree with one place changed."""
    if not isinstance(tree, dict | list) or not tree or draw(st.integers(0, 4)) == 0:
        return draw(TREES)
    places = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    place = draw(st.sampled_from(places))
    match draw(st.integers(0, 7)), tree:
        case 0, dict():
            return {key: value for key, value in tree.items() if key != place}
        case 1, dict():
            return {**tree, draw(KEYS): draw(TREES)}
        case 0 | 1, list():
            return [*tree, draw(TREES)]
        case _, dict():
            return {**tree, place: mutate(draw, tree[place])}
        case _:
            return [*tree[:place], mutate(draw, tree[place]), *tree[place + 1 :]]


@st.composite
def mutated_tree(draw: st.DrawFn) -> Any:
    """The data of a sample with some places changed."""
    root, _ = parse(SourceText("s", draw(st.sampled_from(TEXTS))), Budget())
    assert root is not None
    tree = to_data(root)
    for _ in range(draw(st.integers(1, 4))):
        tree = mutate(draw, tree)
    return tree


@FUZZ
@given(mutated_tree())
def test_mutated_trees(tree: Any) -> None:
    text = to_yaml(tree) if isinstance(tree, dict) else to_yaml({"x": tree}).removeprefix("x: ")
    loaded = fed(text.encode("utf-8", "surrogatepass"))
    if loaded.ok:
        again = fed(to_yaml(loaded.resolved()).encode())
        assert again.recipe == loaded.recipe


@FUZZ
@given(
    st.sampled_from(SAMPLES),
    st.lists(
        KEYS | st.sampled_from(["data", "model", "schedule", "training", "0", "1", "-1", "9" * 30]),
        min_size=1,
        max_size=4,
    ),
    st.text(max_size=8) | TREES.map(lambda tree: to_yaml({"x": tree}).removeprefix("x:").strip()),
)
def test_any_override(text: str, parts: list[str], value: str) -> None:
    fed(text.encode(), f"{'.'.join(parts)}={value}")
