"""The model: a chain or a graph of layers, with dropout where it belongs."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node
from schemas.layers import Activation, Initializer, Layer, Regularizer
from schemas.quantities import Count, DropoutRate


class AutoDropout(Node):
    """Larger hidden layers get a larger rate.

    rateᵢ = low + (high − low) · ln(unitsᵢ/units_min) / ln(units_max/units_min); the midpoint when all
    hidden layers are of one size. A layer's own ``dropout`` wins.
    """

    low: DropoutRate = 0.1
    """Rate of the smallest hidden layer."""
    high: DropoutRate = 0.5
    """Rate of the largest hidden layer."""


class Output(Node):
    """The last layer, a dense one; what is left out follows from the task and the data."""

    units: Count | None = None
    """Left out: the number of classes, or 1 for regression."""
    activation: Activation | None = None
    """Left out: softmax for classification (sigmoid with one unit), linear for regression."""
    logits: bool = False
    """The model gives logits: no softmax or sigmoid, which the loss then makes up for, as Keras' ``from_logits``."""
    kernel_initializer: Initializer = "glorot_uniform"
    """How the kernel starts."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel."""


class ModelBase(Node):
    """What any model has."""

    input_dropout: DropoutRate = 0.0
    """Share of the inputs dropped in training."""
    dropout: Literal["auto"] | AutoDropout | None = None
    """``auto``: a rate for every hidden layer by its size."""
    layers: Annotated[Items[Layer], Field(max_length=1000)]
    """Hidden layers in order."""
    output: Output = Field(default_factory=Output.model_construct)
    """The last layer."""


class Sequential(ModelBase):
    """Layers one after another; the output layer follows them."""

    kind: Literal["sequential"]


class Functional(ModelBase):
    """Layers that say by ``inputs`` which outputs before them they take; the output layer follows the last one."""

    kind: Literal["functional"]


Model = Annotated[Sequential | Functional, Field(discriminator="kind")]
