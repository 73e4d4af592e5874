"""Edits change what they are about, and not a character more."""

from pathlib import Path

import pytest

from runner.source import load
from runner.source.editing.edit import apply_fixes, set_value
from tests.source.samples import MNIST, small


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        ("a: 1  # one\nb: 2\n", ("a",), 3, "a: 3  # one\nb: 2\n"),
        ("a:   'x'   # c\n", ("a",), 0.5, "a:   0.5   # c\n"),
        ("a: 1\r\nb: 2\r\n", ("b",), "no", "a: 1\r\nb: no\r\n"),
        ("\ufeffa: 1\n", ("a",), 2, "\ufeffa: 2\n"),
        ("a:  # nothing\n", ("a",), 2, "a: 2  # nothing\n"),
        ("a: [1, 2]  # c\n", ("a", 1), 5, "a: [1, 5]  # c\n"),
        ("a: {b: 1, c: 2}\n", ("a", "b"), ">= 1", 'a: {b: ">= 1", c: 2}\n'),
        ("a: {b: 1}\n", ("a", "c"), 2, "a: {b: 1, c: 2}\n"),
        ("a: {}\n", ("a", "c"), 2, "a: {c: 2}\n"),
        ("a: {b: 1,}\n", ("a", "c"), 2, "a: {b: 1, c: 2,}\n"),
        ("a:\n  b: 1  # one\n\n# end\n", ("a", "c"), 2, "a:\n  b: 1  # one\n  c: 2\n\n# end\n"),
        ("a:\n  b: 1\nd: 4", ("e",), None, "a:\n  b: 1\nd: 4\ne: null"),
        ("a:\n  b:\n    - 1\n    - 2\nd: 4\n", ("a", "c"), 2, "a:\n  b:\n    - 1\n    - 2\n  c: 2\nd: 4\n"),
        ("a:\r\n  b: |\r\n    x\r\nd: 4\r\n", ("a", "c"), 2, "a:\r\n  b: |\r\n    x\r\n  c: 2\r\nd: 4\r\n"),
        ("- x\n- b: 1\n", (1, "c"), True, "- x\n- b: 1\n  c: true\n"),
        ("a:\n  b:\n", ("a", "c"), 1, "a:\n  b:\n  c: 1\n"),
        ("a: >\n  x\n  y\nb: 1\n", ("a",), 1, "a: 1\nb: 1\n"),
    ],
)
def test_set_value(before: str, path: tuple[str | int, ...], value: str | float | None, after: str) -> None:
    assert set_value(before, path, value) == after


@pytest.mark.parametrize("path", [("x", "y"), ("a", 0), ("l", 5)])
def test_a_place_that_does_not_exist_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(KeyError):
        set_value("a: 1\nl: [1]\n", path, 1)


def test_fixes_mend_a_recipe_and_keep_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    bad = (
        MNIST.replace("seed: 42", 'seed: "42"   # the answer')
        .replace("dropout: 0.3", "droput: 0.3")
        .replace("kind: 1cycle", "kind: 'OneCycle'")
        .replace("{kind: sgd, nesterov: true}", "{kind: SGD, nestorov: yes}")
        .replace("- {kind: flatten}", "- Flatten")
    )
    path.write_text(bad)
    text, fixes = bad, 0
    while found := load(path).diagnostics:
        text, made = apply_fixes(text, str(path), found)
        assert made
        fixes += made
        path.write_text(text)
    assert fixes == 7
    assert text == MNIST.replace("seed: 42", "seed: 42   # the answer").replace("kind: 1cycle", "kind: '1cycle'")


def test_fixes_of_another_file_are_left(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(small())
    found = load(path, sets=["training.epochs='3'"]).diagnostics
    assert apply_fixes(small(), str(path), found) == (small(), 0)


def test_of_two_fixes_at_one_place_the_first_is_made(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    text = small(seed='seed: "1"')
    path.write_text(text)
    (found,) = load(path).diagnostics
    assert apply_fixes(text, str(path), [found, found])[1] == 1
