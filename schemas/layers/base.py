"""Common parts of layers: names, activations, initializers, penalties."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from schemas.base import Items, Node
from schemas.constraints import Constraint
from schemas.deferred import deferred
from schemas.later import is_none
from schemas.layers.shape import Shape
from schemas.quantities import DropoutRate

if TYPE_CHECKING:
    from schemas.regularizer import Regularizer as Regularizer
else:
    Regularizer = deferred("schemas.regularizer:Regularizer")

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
LayerName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}(\.[A-Za-z0-9_]{1,64}){0,16}$", max_length=128)
]
"""Name of a layer; the names of layers in a block, or in another layer, have their parts divided by dots."""


class LayerBase(Node):
    """Keys of any layer."""

    kind: str
    """Which layer."""
    name: LayerName | None = None
    """Name in the model; by default chosen by Keras."""
    inputs: Annotated[Items[LayerName], Field(min_length=1, max_length=100)] | None = None
    """In a functional model, the names of the earlier layers whose outputs this layer takes, or ``input`` for the input
    of the model; by default the layer directly before it."""

    keras_class: ClassVar[str | None] = None
    """Name in ``keras.layers``; None: the name of this class."""
    not_of_keras: ClassVar[frozenset[str]] = frozenset({"kind", "inputs", "dropout"})
    """Keys that are no arguments of the Keras layer."""
    takes: ClassVar[tuple[int, int | None]] = (1, 1)
    """Least and largest number of inputs; None where there is no largest."""
    takes_mask: ClassVar[bool] = False
    """Whether the layer handles the mask of an embedding."""
    normalizes: ClassVar[Literal["batch", "example"] | None] = None
    """Over what the layer brings its inputs to mean 0 and variance 1; None for a layer that does not."""
    is_dropout: ClassVar[bool] = False
    """Whether all that the layer does is dropping a fraction ``rate`` of its inputs in training."""

    @property
    def output_dropout(self) -> float | None:
        """Dropout rate that the layer itself asks for its outputs; None if it says nothing about that."""
        return None

    @property
    def hidden_size(self) -> int | None:
        """Units or filters, by which ``dropout: auto`` finds a rate for the outputs; None: it gives them none."""
        return None

    @property
    def fitting_dropout(self) -> str:
        """Kind of dropout that suits the outputs: selu needs one that keeps mean and variance."""
        return "alpha_dropout" if vars(self).get("activation") == "selu" else "dropout"

    def gives_mask(self, given: bool) -> bool:
        """Whether the output has a mask, if the input has one; by default a mask that is handled is handed on."""
        return given and self.takes_mask

    def gives_mask_of(self, given: Sequence[bool]) -> bool:
        """Whether the output has a mask, given which inputs have one; by default one that any input has counts."""
        return self.gives_mask(any(given))

    def loses_mask_of(self, given: Sequence[bool]) -> bool:
        """Whether padding that an input's mask marks is an input like any other from here on."""
        return any(given) and not self.takes_mask

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
        arguments = self.model_dump(exclude=set(self.not_of_keras))
        return {key: value for key, value in arguments.items() if value is not None}

    def call_arguments(self, inputs: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """What the Keras layer is called with, by place and by name; by default one input, or a list of several."""
        return [inputs[0] if len(inputs) == 1 else list(inputs)], {}


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
    kernel_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the kernel after every update, such as ``max_norm``."""
    bias_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the bias after every update."""
    dropout: DropoutRate | None = None
    """Fraction of this layer's outputs dropped in training; overrides the model's ``dropout: auto``."""

    @property
    def output_dropout(self) -> float | None:
        """The layer's own ``dropout``."""
        return self.dropout
