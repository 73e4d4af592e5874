"""Slices mean what they mean to tensorflow-datasets, whose own ReadInstruction is asked."""

import random
from types import SimpleNamespace

import pytest
from pydantic import TypeAdapter, ValidationError
from tensorflow_datasets.core.splits import _make_absolute_instructions

from runner.data.tfds.slices import parts_of
from runner.errors import DataError
from schemas.quantities import Split

FORM: TypeAdapter[str] = TypeAdapter(Split)


def theirs(split: str, sizes: dict[str, int]) -> list[tuple[str, int, int]] | None:
    """What tensorflow-datasets reads; None where it refuses."""
    infos = [SimpleNamespace(name=name, num_examples=size) for name, size in sizes.items()]
    try:
        found = _make_absolute_instructions(infos, split)  # type: ignore[arg-type]
    except ValueError:
        return None
    return [(i.splitname, i.from_ or 0, sizes[i.splitname] if i.to is None else i.to) for i in found]


def ours(split: str, sizes: dict[str, int]) -> list[tuple[str, int, int]] | None:
    try:
        return [tuple(part) for part in parts_of(FORM.validate_python(split), sizes)]  # type: ignore[misc]
    except (DataError, ValidationError):
        return None


def bound(chance: random.Random, size: int) -> str:
    percent = f"{chance.choice(['', '-'])}{chance.choice([chance.randint(0, 103), round(chance.uniform(0, 101), 2)])}%"
    example = str(chance.randint(-size - 3, size + 3))
    return chance.choice(["", percent, percent, example])


def test_five_thousand_random_slices_and_unions_are_read_as_tensorflow_datasets_reads_them() -> None:
    chance, accepted, refused = random.Random(7), 0, 0
    for _ in range(5000):
        sizes = {name: chance.choice([1, 3, 10, 37, 101, 200, 60000]) for name in ("train", "test")}
        names = [chance.choice(["train", "test"]) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        cuts = [chance.choice(["", f"[{bound(chance, sizes[n])}:{bound(chance, sizes[n])}]"]) for n in names]
        split = chance.choice(["+", " + "]).join(name + cut for name, cut in zip(names, cuts, strict=True))
        wanted = theirs(split, sizes)
        if wanted is not None and any(stop <= start for _, start, stop in wanted):
            wanted = None  # no examples are nothing to train on
        assert ours(split, sizes) == wanted, (split, sizes)
        accepted, refused = accepted + (wanted is not None), refused + (wanted is None)
    assert min(accepted, refused) > 1000


@pytest.mark.parametrize(
    ("split", "parts"),
    [
        ("train[:12.5%]", [("train", 0, 12)]),  # 12.5 to the even one
        ("train[:13.5%]", [("train", 0, 14)]),
        ("train[.5%:]", [("train", 0, 100)]),
        ("train[10:50%]", [("train", 10, 50)]),
        ("train+test", [("train", 0, 100), ("test", 0, 40)]),
        ("test[-10%:] + train[:1]", [("test", 36, 40), ("train", 0, 1)]),
        ("all", [("train", 0, 100), ("test", 0, 40)]),
    ],
)
def test_slices_by_hand(split: str, parts: list[tuple[str, int, int]]) -> None:
    assert ours(split, {"train": 100, "test": 40}) == parts == theirs(split, {"train": 100, "test": 40})


@pytest.mark.parametrize(
    ("split", "says"),
    [
        ("train[:60001]", "asks for example 60001: train has 60,000 examples"),
        ("test[:20000]", "asks for example 20000: test has 10,000 examples"),
        ("train[-60001:]", "asks for example 60001: train has 60,000 examples"),
        ("train[:10%]+test[10001:]", "asks for example 10001: test has 10,000 examples"),
        ("validation", "'validation' is not in the dataset; it has test, train"),
        ("train[60000:]", "is empty: train has 60,000 examples"),
    ],
)
def test_what_the_split_does_not_have_is_told_with_the_number_there_is(split: str, says: str) -> None:
    with pytest.raises(DataError, match=says.replace("(", r"\(")):
        parts_of(split, {"train": 60000, "test": 10000})


@pytest.mark.parametrize("split", ["train[:]", "train[1:2:3]", "train[5]", "train[:10%", "train+", "+train",
    "train[1e3:]", "train[:1.5]", "train[--1:]", "train[.%:]", "train++test"])  # fmt: skip
def test_other_forms_are_refused(split: str) -> None:
    with pytest.raises(ValidationError):
        FORM.validate_python(split)
