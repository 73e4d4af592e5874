"""Layers over sequences: numbers of words, or steps with features."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from schemas.base import Items
from schemas.constraints import Constraint
from schemas.later import is_none
from schemas.layers.base import Activation, Initializer, LayerBase, Regularizer, Weighted
from schemas.layers.shape import Known, Misfit, Shape
from schemas.quantities import Count, DropoutRate, Positive
from schemas.tagged import by_tag

SequencePadding = Literal["valid", "same"]
CausalPadding = Literal["valid", "same", "causal"]
Size1D = Count | Annotated[Items[Count], Field(min_length=1, max_length=1)]
"""One number, or a list of one, as Keras takes it."""


def single(size: int | tuple[int, ...]) -> int:
    """The number that a size stands for."""
    return size if isinstance(size, int) else size[0]


class Embedding(LayerBase):
    """A vector for each number: a table of input_dim rows, of which every input takes one."""

    kind: Literal["embedding"]
    input_dim: Count | None = None
    """Number of rows of the table: one more than the largest number. By default the size of the text's vocabulary."""
    output_dim: Count
    """Length of a vector."""
    embeddings_initializer: Initializer = "random_uniform"
    """How the vectors start."""
    embeddings_regularizer: Regularizer | None = None
    """Penalty on the vectors."""
    embeddings_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the vectors after every update, such as ``unit_norm``."""
    mask_zero: bool = False
    """Whether 0 is padding, which recurrent layers and global_average_pooling1d then skip."""

    def gives_mask(self, given: bool) -> bool:
        """Where 0 is padding."""
        return self.mask_zero

    def output_of_one(self, shape: Shape) -> Shape:
        """One axis more, of ``output_dim``."""
        return None if shape is None else (*shape, self.output_dim)


class SequenceLayer(LayerBase):
    """What layers over steps and features share."""

    def output_of_one(self, shape: Shape) -> Shape:
        """Two axes in; what comes out is each layer's own."""
        if shape is not None and len(shape) != 2:
            raise Misfit(
                "R310",
                None,
                f"{self.kind} needs steps and features; its input has {len(shape)} "
                f"{'axis' if len(shape) == 1 else 'axes'}",
                "put an `embedding` before it, or `reshape` the input to [steps, features]",
            )
        return self.output_of_sequence(shape or (None, None))

    def output_of_sequence(self, shape: Known) -> Known:
        """Shape of the output, given steps and features of the input.

        Raises:
            Misfit: the layer does not take this input.
        """
        return shape


class PositionEmbedding(SequenceLayer):
    """y[t] = x[t] + P[t]: adds a learned vector for each position, so that attention knows the order of the steps.

    P has a row for each step of the input and a column for each feature. Source: Gehring et al. 2017, Convolutional
    Sequence to Sequence Learning; Keras' examples have it as a table over ``arange(steps)``. Keras has no layer for it:
    the model gets an ``Embedding`` of this layer's name and operations around it, which a saved model has as well.
    """

    takes_mask: ClassVar[bool] = True

    kind: Literal["position_embedding"]
    embeddings_initializer: Initializer = "random_uniform"
    """How the vectors start."""
    embeddings_regularizer: Regularizer | None = None
    """Penalty on the vectors."""
    embeddings_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the vectors after every update, such as ``unit_norm``."""


class PositionEncoding(SequenceLayer):
    """y[t] = x[t] + P[t] with P[t, 2i] = sin(t / w^(2i/d)) and P[t, 2i + 1] = cos(t / w^(2i/d)), for d features.

    Nothing is learned. Source: Vaswani et al. 2017, Attention Is All You Need, with w = 10,000. Keras has no layer for
    it: the model gets operations, which a saved model has as well.
    """

    takes_mask: ClassVar[bool] = True

    kind: Literal["position_encoding"]
    max_wavelength: Positive = 10_000.0
    """w: wavelengths grow from 2π to 2π · w steps."""


class SequenceWindow(SequenceLayer):
    """What layers have that move a window over the steps."""

    def slid(self, steps: int | None, key: str, span: int, stride: int, padding: CausalPadding) -> int | None:
        """⌈steps/stride⌉ with ``same`` and ``causal``, ⌊(steps − span)/stride⌋ + 1 with ``valid``."""
        if steps is None:
            return None
        if padding != "valid":
            return -(-steps // stride)
        if steps < span:
            raise Misfit(
                "R155",
                key,
                f"{key} must not be larger than the layer's input; received {span}, and the input has {steps} steps",
                "take a smaller one, `padding: same`, or fewer layers that shorten the sequence",
            )
        return (steps - span) // stride + 1


class Conv1D(SequenceWindow, Weighted):
    """1-D convolution over the steps."""

    kind: Literal["conv1d"]
    filters: Count
    """Features of the output."""
    kernel_size: Size1D
    """Steps of the window."""
    strides: Size1D = 1
    """Step of the window."""
    padding: CausalPadding = "valid"
    """``same`` pads with zeros to keep the length (at stride 1), ``causal`` only before the first step."""
    dilation_rate: Size1D = 1
    """Spacing of the window's points."""
    groups: Count = 1
    """Number of groups that the features are split into."""

    @property
    def hidden_size(self) -> int:
        """``filters``."""
        return self.filters

    @property
    def fitting_dropout(self) -> str:
        """Whole channels, because neighbours are much alike; after selu single values."""
        usual = super().fitting_dropout
        return "spatial_dropout1d" if usual == "dropout" else usual

    def output_of_sequence(self, shape: Known) -> Known:
        """The window's steps, and ``filters``; every group takes as many features."""
        steps, features = shape
        if features is not None and features % self.groups and self.filters % self.groups == 0:
            raise Misfit(
                "R154",
                "groups",
                f"groups must divide the features of the input; received {self.groups} groups and {features} features",
                "take a divisor of the features, such as 1",
            )
        span = (single(self.kernel_size) - 1) * single(self.dilation_rate) + 1
        return (self.slid(steps, "kernel_size", span, single(self.strides), self.padding), self.filters)


class Pool1DBase(SequenceWindow):
    """What pooling layers over steps have."""

    pool_size: Size1D = 2
    """Steps of the window."""
    strides: Size1D | None = None
    """Step of the window; by default the pool size."""
    padding: SequencePadding = "valid"
    """``same`` pads at the ends."""

    def output_of_sequence(self, shape: Known) -> Known:
        """The window's steps; features stay."""
        span = single(self.pool_size)
        stride = single(self.strides) if self.strides is not None else span
        return (self.slid(shape[0], "pool_size", span, stride, self.padding), shape[1])


class MaxPooling1D(Pool1DBase):
    """Largest value of each window."""

    kind: Literal["max_pooling1d"]


class AveragePooling1D(Pool1DBase):
    """Mean of each window."""

    kind: Literal["average_pooling1d"]


class GlobalPool1DBase(SequenceLayer):
    """What leaves one value a feature."""

    def output_of_sequence(self, shape: Known) -> Known:
        """Only the features."""
        return shape[1:]


class GlobalAveragePooling1D(GlobalPool1DBase):
    """Mean over the steps; those that an embedding masks do not count."""

    takes_mask: ClassVar[bool] = True

    kind: Literal["global_average_pooling1d"]

    def gives_mask(self, given: bool) -> bool:
        """False: there are no steps any more."""
        return False


class GlobalMaxPooling1D(GlobalPool1DBase):
    """Largest value over the steps."""

    kind: Literal["global_max_pooling1d"]


class RecurrentBase(SequenceLayer):
    """What recurrent layers have."""

    takes_mask: ClassVar[bool] = True
    not_of_keras: ClassVar[frozenset[str]] = frozenset({"kind", "inputs"})

    units: Count
    """Size of the state, and of the output."""
    activation: Activation = "tanh"
    """Function applied to the candidate state."""
    recurrent_activation: Activation = "sigmoid"
    """Function of the gates."""
    use_bias: bool = True
    """Whether to use a bias."""
    kernel_initializer: Initializer = "glorot_uniform"
    """How the kernel of the inputs starts."""
    recurrent_initializer: Initializer = "orthogonal"
    """How the kernel of the state starts."""
    bias_initializer: Initializer = "zeros"
    """How the bias starts."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel of the inputs."""
    recurrent_regularizer: Regularizer | None = None
    """Penalty on the kernel of the state."""
    kernel_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the kernel of the inputs after every update, such as ``max_norm``."""
    recurrent_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the kernel of the state after every update."""
    bias_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the bias after every update."""
    return_sequences: bool = False
    """Whether to output the state of every step, for another layer over steps, or only the last one."""
    go_backwards: bool = False
    """Whether to go through the steps in reverse order."""
    dropout: DropoutRate = 0.0
    """Fraction of the inputs dropped in training, by one mask for all steps."""
    recurrent_dropout: DropoutRate = 0.0
    """Fraction of the state dropped in training, by one mask for all steps; it rules out cuDNN's kernels."""

    @property
    def hidden_size(self) -> int | None:
        """``units``, unless there is dropout inside."""
        return None if self.dropout or self.recurrent_dropout else self.units

    def gives_mask(self, given: bool) -> bool:
        """Only where every step comes out."""
        return given and self.return_sequences

    def output_of_sequence(self, shape: Known) -> Known:
        """``units``, for each step where ``return_sequences`` is true."""
        return (shape[0], self.units) if self.return_sequences else (self.units,)


class LSTM(RecurrentBase):
    """Long short-term memory."""

    kind: Literal["lstm"]
    unit_forget_bias: bool = True
    """Whether the bias of the forget gate starts at 1."""


class GRU(RecurrentBase):
    """Gated recurrent unit."""

    kind: Literal["gru"]
    reset_after: bool = True
    """Whether the reset gate acts after the product with the kernel, as in cuDNN."""


class Bidirectional(SequenceLayer):
    """A recurrent layer in both directions, each with weights of its own."""

    takes_mask: ClassVar[bool] = True

    kind: Literal["bidirectional"]
    layer: Annotated[LSTM | GRU, Field(discriminator="kind")]
    """The recurrent layer of the forward direction; the backward one has the same keys."""
    merge_mode: Literal["concat", "sum", "mul", "ave"] = "concat"
    """How the outputs of both directions are joined."""

    @property
    def hidden_size(self) -> int | None:
        """That of the layer inside, twice as much with ``concat``."""
        size = self.layer.hidden_size
        return 2 * size if size is not None and self.merge_mode == "concat" else size

    def gives_mask(self, given: bool) -> bool:
        """As the layer inside does."""
        return self.layer.gives_mask(given)

    def keras_arguments(self) -> dict[str, Any]:
        """The layer inside as itself, to be built in its turn."""
        return {**super().keras_arguments(), "layer": self.layer}

    def output_of_sequence(self, shape: Known) -> Known:
        """The layer's output, twice as wide with ``concat``."""
        *steps, units = self.layer.output_of_sequence(shape)
        assert units is not None
        return (*steps, 2 * units if self.merge_mode == "concat" else units)


Sequencing = (
    Embedding
    | PositionEmbedding
    | PositionEncoding
    | Conv1D
    | MaxPooling1D
    | AveragePooling1D
    | GlobalAveragePooling1D
    | GlobalMaxPooling1D
    | LSTM
    | GRU
    | Bidirectional
)
"""A new layer over sequences goes here."""
BY_KIND = by_tag(Sequencing)
