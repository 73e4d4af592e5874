"""Families of recurrent layers."""

from typing import ClassVar

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.catalogue.spatial import Spatial, wrong_rank
from schemas.layers.shape import Known, Misfit, Shape


class Recurrent(CatalogueLayer):
    """A layer that goes through steps of features."""

    takes_mask: ClassVar[bool] = True

    @property
    def hidden_size(self) -> int | None:
        """``units``, unless there is dropout inside."""
        return None if self.key("dropout") or self.key("recurrent_dropout") else int(self.key("units"))

    def gives_mask(self, given: bool) -> bool:
        """Only where every step comes out."""
        return given and bool(self.key("return_sequences"))

    def output_of_one(self, shape: Shape) -> Shape:
        """``units``, for each step where ``return_sequences`` is true."""
        if shape is not None and len(shape) != 2:
            raise wrong_rank(self.kind, 1, len(shape))
        steps = None if shape is None else shape[0]
        return (steps, self.key("units")) if self.key("return_sequences") else (self.key("units"),)


class RecurrentConvolution(Spatial):
    """A layer that goes through steps of images, or of what has ``rank`` spatial axes."""

    takes_mask: ClassVar[bool] = True

    @property
    def hidden_size(self) -> int | None:
        """``filters``, unless there is dropout inside."""
        return None if self.key("dropout") or self.key("recurrent_dropout") else int(self.key("filters"))

    def gives_mask(self, given: bool) -> bool:
        """Only where every step comes out."""
        return given and bool(self.key("return_sequences"))

    def output_of_one(self, shape: Shape) -> Shape:
        """The sides after the window and ``filters``, for each step where ``return_sequences`` is true."""
        if shape is not None and len(shape) != self.rank + 2:
            what = "steps with a shape of their own"
            raise Misfit(
                "R310" if self.rank == 1 else "R156",
                None,
                f"{self.kind} needs {self.rank + 2} axes, {what} each; its input has {len(shape)}",
                "`reshape` the input to [steps, …, channels]",
            )
        steps = None if shape is None else shape[0]
        inner: Known = (None,) * (self.rank + 1) if shape is None else shape[1:]
        output = (*self.slid(inner[:-1], "kernel_size"), self.key("filters"))
        return (steps, *output) if self.key("return_sequences") else output
