"""Families of layers that multiply along chosen axes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.catalogue.values import place_of
from schemas.layers.catalogue.windows import Kernel
from schemas.layers.shape import Known, Misfit, Shape, written

_FORM = re.compile(r"(\.\.\.)?([A-Za-z]+)(\.\.\.)?,([A-Za-z]+)->(\.\.\.)?([A-Za-z]+)(\.\.\.)?")


class DotProduct(CatalogueLayer):
    """Sums of products of two inputs along an axis of each."""

    takes: ClassVar[tuple[int, int | None]] = (2, 2)
    takes_mask: ClassVar[bool] = True

    def gives_mask(self, given: bool) -> bool:
        """False: the steps are summed up, or two inputs' steps stand in one array."""
        return False

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """The other sides of the first input, then those of the second; 1 if none is left."""
        if len(inputs) != 2:
            return None
        axes = self.key("axes")
        pair = (axes, axes) if isinstance(axes, int) else axes
        a, b = (place_of(axis, shape, "axes") for axis, shape in zip(pair, inputs, strict=True))
        one, other = inputs
        if one is None or other is None or a is None or b is None:
            return None
        if None not in (one[a], other[b]) and one[a] != other[b]:
            raise Misfit(
                "R323",
                "axes",
                f"the sides at the axes must be equal; received {one[a]} of {written(one)} and {other[b]} of "
                f"{written(other)}",
                "choose other axes, or make the shapes fit with a dense layer",
            )
        return (*one[:a], *one[a + 1 :], *other[:b], *other[b + 1 :]) or (1,)


@dataclass(frozen=True)
class _Equation:
    """``abc,cd->abd`` in its parts; the batch is the first letter, or behind an ellipsis at the left."""

    given: str
    kernel: str
    out: str
    left: bool
    """Whether axes are left out at the left."""
    right: bool

    @property
    def batch(self) -> int:
        """Letters of the batch: 1, or 0 where it is left out."""
        return 0 if self.left else 1

    def faults(self) -> Iterator[str]:
        """What is wrong with the letters."""
        for name, letters in (("input", self.given), ("kernel", self.kernel), ("output", self.out)):
            if len(set(letters)) < len(letters):
                yield f"a letter may occur only once in the {name}"
        if not self.left and (self.given[0] != self.out[0] or self.given[0] in self.kernel):
            yield "the first letter of input and output is the batch, which the kernel does not have"
        if self.right and len(self.given) < 2:
            yield "an input that ends in `...` has two letters or more"
        if strange := sorted(set(self.out) - set(self.given + self.kernel)):
            yield f"letters of the output are the input's or the kernel's; received {', '.join(strange)}"
        if strange := sorted(set(self.kernel) - set(self.given + self.out)):
            yield f"letters of the kernel are the input's or the output's; received {', '.join(strange)}"


class EinsumDense(Kernel):
    """A kernel that is multiplied with the input as an equation says."""

    def output_of_one(self, shape: Shape) -> Shape:
        """``output_shape``, and what `...` leaves out."""
        equation = _parsed(self.key("equation"))
        for fault in equation.faults():
            raise _wrong("equation", f"equation: {fault}; received {self.key('equation')}")
        sides = self._sides(equation)
        if strange := sorted(set(self.key("bias_axes") or "") - set(equation.out[equation.batch :])):
            raise _wrong("bias_axes", f"bias_axes are letters of the output; received {', '.join(strange)}")
        if shape is None:
            return None
        elided = len(shape) + 1 - len(equation.given)
        if elided != 0 and not (elided > 0 and (equation.left or equation.right)):
            raise _wrong("equation", f"equation: the input has {len(shape) + 1} axes with the batch; received "
                                     f"{self.key('equation')}")  # fmt: skip
        if equation.left and elided == 0:
            raise _wrong("equation", f"equation: `...` holds the batch; received {self.key('equation')}")
        if equation.left and elided > 2:
            # Keras 3.15 gives the sides of such an output in the wrong order
            raise _wrong("equation", f"equation: `...` stands for the batch and one axis at most; the input has "
                                     f"{len(shape) + 1} axes with the batch")  # fmt: skip
        _require_shared(equation, shape, sides, elided)
        return (*shape[: elided - 1], *sides) if equation.left else (*sides, *shape[len(shape) - elided :])

    def _sides(self, equation: _Equation) -> Known:
        wanted = self.key("output_shape_")
        sides: Known = (wanted,) if isinstance(wanted, int) else tuple(wanted)
        if len(sides) != len(equation.out) - equation.batch:
            raise _wrong(
                "output_shape",
                f"output_shape has a side for each letter of the output but the batch, "
                f"{len(equation.out) - equation.batch}; received {len(sides)}",
            )
        if any(side is None and c not in equation.given for side, c in zip(sides, equation.out[equation.batch :])):  # noqa: B905
            raise _wrong("output_shape", "output_shape may be null only where the input has the letter")
        return sides


def _require_shared(equation: _Equation, shape: Known, sides: Known, elided: int) -> None:
    """A letter that input and output share has one side."""
    start = elided - 1 if equation.left else 0
    before = dict(zip(equation.given[equation.batch :], shape[start:], strict=False))
    for letter, side in zip(equation.out[equation.batch :], sides, strict=True):
        if letter in before and side is not None and before[letter] not in (None, side):
            raise _wrong("output_shape", f"output_shape: '{letter}' is {before[letter]} in the input; received {side}")


def _parsed(text: str) -> _Equation:
    match = _FORM.fullmatch(text.replace(" ", ""))
    ends = None if match is None else [bool(match[k]) for k in (1, 3, 5, 7)]
    if match is None or ends is None or ends[:2] != ends[2:] or all(ends):
        raise _wrong("equation", f"equation: the form is ab,bc->ac, ...ab,bc->...ac or ab...,bc->ac...; got {text}")
    return _Equation(match[2], match[4], match[6], bool(match[1]), bool(match[3]))


def _wrong(key: str, message: str) -> Misfit:
    return Misfit(
        "R324", key, message, "as in `equation: abc,cd->abd, output_shape: [28, 64]` for 28 steps with features"
    )
