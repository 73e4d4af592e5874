"""What layers have in common: names, activations, initializers, penalties."""

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
    """What any layer may have."""

    name: LayerName | None = None
    """Name in the model; left out, Keras chooses one."""
    inputs: Annotated[Items[LayerName], Field(min_length=1, max_length=100)] | None = None
    """In a functional model: names of the layers before it whose outputs it takes, or ``input`` for the model's own
    input; left out, the layer right before it."""

    keras_class: ClassVar[str | None] = None
    """Name in ``keras.layers``; None: that of this class."""

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Shape of the output, given those of the inputs; a layer that says nothing else keeps its input's.

        Raises:
            Misfit: the layer does not take these inputs.
        """
        return self.output_of_one(inputs[0]) if len(inputs) == 1 else None

    def output_of_one(self, shape: Shape) -> Shape:
        """The same for a layer that takes one input.

        Raises:
            Misfit: the layer does not take this input.
        """
        return shape

    def keras_arguments(self) -> dict[str, Any]:
        """Keyword arguments of the Keras layer: the language uses Keras' names."""
        arguments = self.model_dump(exclude={"kind", "inputs", "dropout"})
        return {key: value for key, value in arguments.items() if value is not None}


class Weighted(LayerBase):
    """What a layer with a kernel may have."""

    activation: Activation = "linear"
    """Function applied to the output."""
    use_bias: bool = True
    """Whether there is a bias."""
    kernel_initializer: Initializer = "glorot_uniform"
    """How the kernel starts."""
    bias_initializer: Initializer = "zeros"
    """How the bias starts."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel."""
    dropout: DropoutRate | None = None
    """Share of this layer's outputs dropped in training; wins over the model's ``dropout: auto``."""
