"""The model: a chain or a graph of layers, with dropout."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from schemas.base import Items, Node, defaults_of
from schemas.composites import HasBlocks
from schemas.constraints import Constraint
from schemas.deferred import deferred
from schemas.later import is_empty, is_none, is_zero
from schemas.layers import Activation, Initializer, Layer, Regularizer
from schemas.quantities import Count, DropoutRate
from schemas.tagged import ByTag

if TYPE_CHECKING:
    from schemas.auto_dropout import AutoDropout
    from schemas.groups import FactorPhases
    from schemas.model_inputs import NamedInputs
    from schemas.model_outputs import ModelOutputs, OutputTask
    from schemas.weights import Weights
else:
    AutoDropout = deferred("schemas.auto_dropout:AutoDropout")
    FactorPhases = deferred("schemas.groups:FactorPhases")
    NamedInputs = deferred("schemas.model_inputs:NamedInputs")
    ModelOutputs = deferred("schemas.model_outputs:ModelOutputs")
    Weights = deferred("schemas.weights:Weights")


class Output(Node):
    """The output layer, which is dense; omitted keys are inferred from the task and the data."""

    units: Count | None = None
    """Size of the output; by default the number of classes or tokens, or 1 for regression."""
    activation: Activation | None = None
    """Activation; by default softmax for classification (sigmoid with one unit) and linear for regression."""
    logits: bool = Field(default=False, exclude_if=is_zero)
    """Whether the model outputs logits, so that the loss applies softmax or sigmoid (Keras: ``from_logits``)."""
    tied: bool = Field(default=False, exclude_if=is_zero)
    """For a language model, whether the kernel is the transposed table of the embedding, without a bias: fewer
    parameters, and often a better model (Press & Wolf 2017)."""
    kernel_initializer: Initializer = "glorot_uniform"
    """Initializer of the kernel."""
    kernel_regularizer: Regularizer | None = None
    """Penalty on the kernel."""
    kernel_constraint: Constraint | None = Field(default=None, exclude_if=is_none)
    """What is done to the kernel after every update, such as ``max_norm``."""


class ModelBase(HasBlocks):
    """Keys of any model."""

    input_dropout: DropoutRate = 0.0
    """Fraction of the inputs dropped in training."""
    dropout: Literal["auto"] | AutoDropout | None = None
    """``auto``: a dropout rate for every hidden layer according to its size."""
    dropout_factor: FactorPhases | None = Field(default=None, exclude_if=is_none)
    """Factor of every dropout rate of the model over the run, as a phase table. It acts on dropout layers of all kinds
    and on the short forms ``dropout`` and ``input_dropout``, not on dropout inside recurrent layers and attention."""
    layers: Annotated[Items[Layer], Field(max_length=1000)]
    """Hidden layers in order."""
    output: Output = Field(default_factory=defaults_of(Output))
    """The output layer."""
    outputs: ModelOutputs = Field(default={}, exclude_if=is_empty)
    """For ``task: multi_output``, in place of ``output``: an output for each target, by its name."""
    weights: Weights | None = Field(default=None, exclude_if=is_none)
    """Initial weights of layers, taken from an earlier run; by default all weights are fresh."""

    @property
    def target_tasks(self) -> dict[str, "OutputTask"]:
        """Task of each target that one of several outputs predicts."""
        return {target: output.task for name, output in self.outputs.items() for target in output.targets(name)}


class Sequential(ModelBase):
    """Layers one after another; the output layer follows them."""

    kind: Literal["sequential"]


class Functional(ModelBase):
    """Layers that may name earlier outputs as their ``inputs``; the output layer follows the last one."""

    kind: Literal["functional"]
    inputs: NamedInputs = Field(default={}, exclude_if=is_empty)
    """Parts of each example by names that layers take as their ``inputs``. ``input`` is still the whole example, which
    the first layer takes unless it names others."""


Model = Annotated[Sequential | Functional, ByTag("kind")]
