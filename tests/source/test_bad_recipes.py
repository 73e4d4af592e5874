"""Each fault has its code, its place and its way out, and nothing else is said."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runner.diagnostics import Diagnostic, registry, render
from runner.source import load
from runner.source.checking.allowed import Either, Leaf, Many, Model, Shape, Table, Tagged, bound, recipe_shape
from runner.source.checking.leaves import judge
from tests.source.bad_recipes import READING, SHAPE, Case
from tests.source.habit_recipes import INDENTATION, KEYS, TEXTS, VALUES
from tests.source.samples import MNIST, marked, small

CASES = READING + SHAPE + KEYS + INDENTATION + VALUES + TEXTS


def diagnose(tmp_path: Path, text: str) -> tuple[Diagnostic, ...]:
    """What is said about a recipe with this text; it must be refused."""
    path = tmp_path / "r.yaml"
    path.write_bytes(text.encode())
    loaded = load(path)
    assert not loaded.ok
    return loaded.diagnostics


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.code}" for number, case in enumerate(CASES)])
def test_a_fault_is_told_once_at_its_place(tmp_path: Path, case: Case) -> None:
    expected = marked(case.text)
    found = diagnose(tmp_path, expected.text)
    told = render(found)
    assert [diagnostic.code for diagnostic in found] == [case.code], told
    span = found[0].span
    assert span is not None
    assert (span.file, span.line, span.column) == (str(tmp_path / "r.yaml"), expected.line, expected.column), told
    assert span.length == expected.length, told
    assert found[0].fix == case.fix, told
    assert case.says in told
    for word in ("Input should", "Extra inputs", "literal", "constrained", "Value error", "Field required"):
        assert word not in told


def test_every_code_of_reading_and_shape_is_covered() -> None:
    covered = {case.code for case in CASES} | {"R001", "R002"}  # these two are files rather than texts
    assert {code for code in registry() if code < "R020"} | {"R320"} == covered


def _leaves(shape: Shape, seen: set[Any]) -> Iterator[Leaf]:
    if isinstance(shape, Leaf):
        yield shape
    elif isinstance(shape, Model):
        if shape.cls not in seen:
            seen.add(shape.cls)
            yield from (leaf for name in shape.fields for leaf in _leaves(shape.field(name), seen))
    else:
        parts = {
            Many: lambda many: [many.item],
            Table: lambda table: [table.key, table.value],
            Tagged: lambda tagged: list(tagged.by_tag.values()),
            Either: lambda either: either.options,
        }[type(shape)](shape)
        yield from (leaf for part in parts for leaf in _leaves(part, seen))


def test_every_text_of_a_certain_form_says_its_form() -> None:
    """Not "must be text, got '0/5'": what is refused is text."""
    leaves = [leaf for leaf in _leaves(recipe_shape(), set()) if bound(leaf.annotation, "pattern") is not None]
    assert len(leaves) > 10
    told = {str(leaf.annotation): judge("\n", [leaf]) for leaf in leaves}
    assert not [name for name, verdict in told.items() if verdict is None or verdict.code != "R017"]


def test_all_faults_are_told_at_once_in_the_order_of_the_text(tmp_path: Path) -> None:
    text = (
        MNIST.replace("seed: 42", 'seed: "42"')
        .replace("dropout: 0.3", "droput: 0.3")
        .replace("kind: 1cycle", "kind: OneCycle")
        .replace("epochs: 10", "epochs: 0")
        .replace("batch_size: 128", "batch_size: !int 128")
    )
    found = diagnose(tmp_path, text)
    assert [(d.code, d.span.line) for d in found if d.span] == [
        ("R015", 6), ("R005", 13), ("R012", 24), ("R011", 30), ("R014", 35),
    ]  # fmt: skip


def test_a_word_is_offered_for_the_key_that_has_it_among_its_choices(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, small(data="data: {source: csv, files: a.csv, target: a, columns: {b: ignore}}"))
    assert found.help == ("write {type: ignore}",)


def test_a_misspelt_required_key_is_one_fault(tmp_path: Path) -> None:
    found = diagnose(tmp_path, small(training="training: {epoch: 3}"))
    assert [d.code for d in found] == ["R012"]


def test_two_unknown_keys_are_two_faults(tmp_path: Path) -> None:
    found = diagnose(tmp_path, small(training="training: {epochs: 3, lss: huber, metrcs: []}"))
    assert [d.fix for d in found] == ["loss", "metrics"]


def test_a_key_that_is_there_is_not_suggested_again(tmp_path: Path) -> None:
    (found,) = diagnose(tmp_path, small(training="training: {epochs: 3, epoch: 3}"))
    assert found.fix is None


@pytest.mark.parametrize("text", [small(description=f"description: {'é' * 200_000}"), "#" * (256 * 1024 + 1)])
def test_a_file_of_more_than_256_kb_is_refused(tmp_path: Path, text: str) -> None:
    (found,) = diagnose(tmp_path, text)
    assert found.code == "R002"
    assert "256 KB" in found.message


def test_a_file_of_256_kb_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(small().ljust(256 * 1024, "#"))
    assert load(path).ok


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: " + "[" * 100, "32 deep"),
        ("a: " + "{a: " * 100, "32 deep"),
        ("a: [" + "1, " * 10_001 + "]", "10,000"),
        ("a:\n" + "  - 1\n" * 10_001, "10,000"),
    ],
)
def test_nesting_and_numbers_of_values_are_bounded(tmp_path: Path, text: str, says: str) -> None:
    (found,) = diagnose(tmp_path, text)
    assert found.code == "R002"
    assert says in found.message


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    loaded = load(tmp_path / "none.yaml")
    assert [(d.code, d.message) for d in loaded.diagnostics] == [
        ("R001", "the recipe cannot be read: no such file or directory")
    ]
    assert loaded.document is None


def test_bytes_that_are_not_utf8_are_told_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(b"recipe: 1\nname: \xc3\xa9 caf\xe9\n")
    (found,) = load(path).diagnostics
    assert found.code == "R003"
    assert found.span is not None
    assert (found.span.line, found.span.column) == (2, 12)
