"""What was learnt of a column: how many numbers it is, and how a plan describes it."""

from collections.abc import Mapping
from itertools import accumulate
from typing import assert_never

import numpy as np

from runner.data.facts import ImageInput
from runner.data.statistics.date_treatment import FittedDate
from runner.data.statistics.fit import Learnt, Treatment
from runner.data.statistics.image_treatment import FittedImage
from runner.data.statistics.number_treatment import FittedNumber, NumberTreatment
from runner.data.statistics.text_treatment import FittedText
from runner.data.statistics.word_treatment import FittedWords
from runner.numerals import measure

_COLORS = {1: "grey", 3: "rgb"}
"""By the number of channels."""


def stored_names(name: str, learnt: Learnt) -> tuple[str, ...]:
    """What the numbers are called that the model's input has of a column, one for each of them; not of pixels."""
    match learnt:
        case FittedDate():
            return tuple(f"{name}: {part}" for part in learnt.parts)
        case FittedText() if learnt.encoding.length is not None:
            return tuple(f"{name}: word {place}" for place in range(1, learnt.size + 1))
        case FittedImage():
            return ()
        case FittedText():
            return (f"{name}: other words", *(f"{name}: {word}" for word in learnt.encoding.words))
        case _:
            return (name,)


def width_of(learnt: Learnt) -> int:
    """Numbers that the recipe's first layer receives of a column."""
    match learnt:
        case FittedNumber():
            return 1 + learnt.indicator
        case FittedWords():
            return learnt.embed or learnt.size
        case FittedDate():
            return learnt.width
        case FittedText() | FittedImage():
            return learnt.size
        case _:
            assert_never(learnt)


def places_of(fitted: Mapping[str, Learnt]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Where what each column becomes is in what the recipe's first layer receives, in the order of the columns.

    The table's front puts all numbers and parts of dates first, then the signs of missing values, all sines, all
    cosines, then words, then texts, and pixels of images at the end, which :func:`images_of` has.
    """
    kinds = fitted.items()
    sines = [name for name, one in kinds if isinstance(one, FittedDate) for _ in one.cycles]
    owners = [
        *(name for name, one in kinds for _ in range(_numbers_of(one))),
        *(name for name, one in kinds if isinstance(one, FittedNumber | FittedDate) and one.indicator),
        *(*sines, *sines),
        *(name for name, one in kinds if isinstance(one, FittedWords) for _ in range(width_of(one))),
        *(name for name, one in kinds if isinstance(one, FittedText) for _ in range(width_of(one))),
    ]
    places: dict[str, list[int]] = {name: [] for name in fitted}
    for place, name in enumerate(owners):
        places[name].append(place)
    return tuple((name, tuple(found)) for name, found in places.items() if not isinstance(fitted[name], FittedImage))


def images_of(fitted: Mapping[str, Learnt]) -> tuple[ImageInput, ...]:
    """The columns of images, and where their pixels are in what the recipe's first layer receives: at its end."""
    images = [one for one in fitted.values() if isinstance(one, FittedImage)]
    first = sum(map(width_of, fitted.values())) - sum(image.size for image in images)
    starts = accumulate((image.size for image in images), initial=first)
    return tuple(ImageInput(image.name, start, image.shape) for image, start in zip(images, starts, strict=False))


def _numbers_of(learnt: Learnt) -> int:
    return 1 if isinstance(learnt, FittedNumber) else len(learnt.numbers) if isinstance(learnt, FittedDate) else 0


def says_nothing(learnt: Learnt) -> bool:
    """Whether the model would receive the same of all rows of the training part."""
    match learnt:
        case FittedWords():
            return learnt.constant or learnt.size == 1
        case FittedNumber():
            return learnt.constant and not (learnt.missing and (learnt.indicator or learnt.fill != learnt.offset))
        case FittedDate():
            return not learnt.parts
        case FittedText() | FittedImage():
            return False
        case _:
            assert_never(learnt)


def described(learnt: Learnt, treatment: Treatment) -> str:
    """What becomes of a column, such as ``standard, missing: 3.2``."""
    match learnt:
        case FittedWords():
            way = "one-hot" if learnt.embed is None else f"embedded, {learnt.size:,} places"
            return ", ".join([way, *([f"{learnt.rare:,} rare ones share a place"] if learnt.rare else [])])
        case FittedDate():
            return ", ".join(_of_date(learnt))
        case FittedText():
            length = learnt.encoding.length
            how = learnt.encoding.output if length is None else f"sequences of {length:,}"
            return f"{how}, {len(learnt.encoding.words):,} words"
        case FittedImage():
            return ", ".join(_of_image(learnt))
        case FittedNumber():
            assert isinstance(treatment, NumberTreatment)
            return ", ".join(_of_number(learnt, treatment))
        case _:
            assert_never(learnt)


def _of_number(learnt: FittedNumber, treatment: NumberTreatment) -> list[str]:
    filled = [f"missing: {measure(learnt.fill)}"] if learnt.fill is not None and learnt.missing else []
    clipped = [f"{measure(learnt.low)} … {measure(learnt.high)}"] if np.isfinite(learnt.low) else []
    scale = "as it is" if treatment.scale == "none" else treatment.scale
    return [scale, *filled, *(["says where missing"] if learnt.indicator else []), *clipped]


def _of_image(learnt: FittedImage) -> list[str]:
    height, width, channels = learnt.shape
    resized = [] if learnt.fit is None else [f"resized by {learnt.fit}"]
    return [f"{height} x {width}, {_COLORS[channels]}", *resized, "0 to 1" if learnt.scaled else "0 to 255"]


def _of_date(learnt: FittedDate) -> list[str]:
    numbers = [one.name for one in learnt.numbers]
    cycles = [f"{one.name} on a circle" for one in learnt.cycles]
    signs = ["says where missing"] if learnt.indicator else []
    return [*numbers, *cycles, *signs, *([f"constant: {', '.join(learnt.dropped)}"] if learnt.dropped else [])]
