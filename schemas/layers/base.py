"""Common parts of layers: names, activations, initializers, penalties."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.layers.shape import Shape
from schemas.quantities import DropoutRate, NonNegative

Activation = Literal[
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "hard_silu",
    "leaky_relu",
    "linear",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]
Initializer = Literal[
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "variance_scaling",
    "zeros",
]
LayerName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class Regularizer(Node):
    """Penalty added to the loss: l1 · Σ|w| + l2 · Σw²."""

    l1: NonNegative = 0.0
    """Factor of Σ|w|."""
    l2: NonNegative = 0.0
    """Factor of Σw²."""


class LayerBase(Node):
    """Keys of any layer."""

    name: LayerName | None = None
    """Name in the model; by default chosen by Keras."""
    inputs: Annotated[Items[LayerName], Field(min_length=1, max_length=100)] | None = None
    """In a functional model, the names of the earlier layers whose outputs this layer takes, or ``input`` for the input
    of the model; by default the layer directly before it."""

    keras_class: ClassVar[str | None] = None
    """Name in ``keras.layers``; None: the name of this class."""

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Shape of the output, given the shapes of the inputs; by default that of the only input.

        Raises:
            Misfit: the layer does not accept these inputs.
        """
        return self.output_of_one(inputs[0]) if len(inputs) == 1 else None

    def output_of_one(self, shape: Shape) -> Shape:
        """Shape of the output of a layer with one input; by default the shape of the input.

        Raises:
            Misfit: the layer does not accept this input.
        """
        return shape

    def keras_arguments(self) -> dict[str, Any]:
        """Keyword arguments of the Keras layer; the language uses Keras' names."""
        arguments = self.model_dump(exclude={"kind", "inputs", "dropout"})
        return {key: value for key, value in arguments.items() if value is not None}


class Weighted(LayerBase):
    """Keys of any layer with a kernel."""

    activation: Activation = "linear"
    """Function applied to the output."""
    use_bias: bool = True
    """Whether to use a bias."""
    kernel_initializer: Initializer = "glorot_uniform"
    """Initializer of the kernel."""
    bias_initializer: Initializer = "zeros"
    """Initializer of the bias."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel."""
    dropout: DropoutRate | None = None
    """Fraction of this layer's outputs dropped in training; overrides the model's ``dropout: auto``."""
