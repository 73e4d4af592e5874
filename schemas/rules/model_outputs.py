"""Several outputs: each for one target of the data, with a loss and metrics of its own."""

from collections.abc import Iterator
from typing import get_args

from schemas.custom import CustomLoss
from schemas.data import BuiltinData, TfdsData, is_array, is_images, is_records, is_table, is_text
from schemas.findings import Finding, Path
from schemas.graph import ends_of, entries_of
from schemas.losses import LOSSES, loss_facts, loss_kind
from schemas.metrics import Metric, fits, top_k
from schemas.model_outputs import ModelOutput
from schemas.recipe import Recipe
from schemas.rules.model import RESERVED
from schemas.rules.task import POSITIVE
from schemas.rules.tell import Rule, error, listed
from schemas.samples import SAMPLES

_OUTPUTS: Path = ("model", "outputs")
_PREFIXES = ("val_", "test_", "validation_")
_ACTIVATIONS = {"classification": "softmax", "binary": "sigmoid", "multi_label": "sigmoid"}


def several_outputs_are_a_task(recipe: Recipe) -> Iterator[Finding]:
    """R510: the task says whether a model has one output or several, and the data has a target for each."""
    several = len(recipe.model.outputs)
    if recipe.task != "multi_output":
        if several:
            what = f"outputs are for multi_output; the task is {recipe.task}"
            yield error("R510", ("task",), what, "write `task: multi_output`, or `output` in place of `outputs`")
        return
    if several < 2:
        what = f"multi_output needs two outputs or more; received {several or 'none'}"
        help = "write `outputs: {a: {task: …}, b: {task: …}}`, or another task"
        yield error("R510", _OUTPUTS if several else ("task",), what, help)
    if _targets(recipe) is None:
        kinds = "csv, parquet, npz, tfrecord, images or texts with `file`, tfds with `target: [a, b]`, or linnerud"
        what = f"several outputs take their targets from {kinds}; received {_called(recipe)}"
        yield error("R510", ("data", "source"), what, "name the targets, or save them as columns of a table")
    yield from _of_one_output(recipe)


def _of_one_output(recipe: Recipe) -> Iterator[Finding]:
    """What belongs to a model of one output."""
    training = recipe.training
    for key in ("loss", "metrics"):
        if getattr(training, key) is not None:
            what = f"of several outputs each has {'a loss' if key == 'loss' else 'metrics'} of its own"
            yield error("R510", ("training", key), what, f"write `{key}` on the outputs")
    if "output" in recipe.model.model_fields_set:
        what = "a model has `output` or `outputs`; received both"
        yield error("R510", ("model", "output"), what, "write its keys on each of the outputs")


def _targets(recipe: Recipe) -> tuple[str, ...] | None:
    """Names of the data's targets; None for data of which several outputs cannot be trained."""
    if is_table(recipe.data) or is_array(recipe.data) or is_records(recipe.data):
        return recipe.data.targets
    if (is_images(recipe.data) or is_text(recipe.data)) and recipe.data.file is not None:
        return recipe.data.targets
    if isinstance(recipe.data, TfdsData):
        return recipe.data.features_of("target") or None
    if isinstance(recipe.data, BuiltinData):
        return SAMPLES[recipe.data.name].targets or None
    return None


def _called(recipe: Recipe) -> str:
    return str(getattr(recipe.data, "name", recipe.data.source))


def targets_have_an_output_each(recipe: Recipe) -> Iterator[Finding]:
    """R511: an output predicts targets of the data, and every target is predicted once."""
    targets = _targets(recipe)
    if recipe.task != "multi_output" or targets is None or len(recipe.model.outputs) < 2:
        return
    taken: dict[str, str] = {}
    for name, output in recipe.model.outputs.items():
        for path, target in _written_targets(name, output):
            if target not in targets:
                yield error("R511", path, f"'{target}' is not a target of the data", f"there are {listed(targets)}")
            elif target in taken:
                yield error("R511", path, f"target '{target}' is that of output '{taken[target]}' too", "name another")
            taken.setdefault(target, name)
    if any(target not in targets for target in taken):
        return  # one of them may be meant
    for target in targets:
        if target not in taken:
            what = f"no output predicts the target '{target}'"
            yield error("R511", _OUTPUTS, what, f"write an output `{target}`, or take it out of `data.target`")


def _written_targets(name: str, output: ModelOutput) -> Iterator[tuple[Path, str]]:
    """Targets of an output, each with the place in the recipe that names it."""
    for k, target in enumerate(output.targets(name)):
        keys = () if output.target is None else ("target",) if isinstance(output.target, str) else ("target", k)
        yield (*_OUTPUTS, name, *keys), target


def targets_are_several_for_labels_alone(recipe: Recipe) -> Iterator[Finding]:
    """R725: labels are several, each a column of a table; any other output has one target."""
    for name, output in recipe.model.outputs.items():
        count, path = len(output.targets(name)), (*_OUTPUTS, name)
        if output.task != "multi_label" and count > 1:
            what = f"an output of {output.task} has one target; received {count}"
            yield error("R725", (*path, "target"), what, "write `task: multi_label`, or an output for each")
        elif output.task == "multi_label" and count == 1 and is_table(recipe.data):
            what = "an output of multi_label needs at least two labels, each in its own column; received one"
            yield error("R725", (*path, "task"), what, "write `target: [a, b]`, or `task: binary`")


def names_of_outputs_are_their_own(recipe: Recipe) -> Iterator[Finding]:
    """R512: an output's name begins the names of its figures, and is that of its layer."""
    layers = {layer.name for layer in recipe.model.layers} | set(entries_of(recipe.model)) | set(RESERVED)
    known = get_args(Metric)
    for name in recipe.model.outputs:
        path: Path = (*_OUTPUTS, name)
        if name in layers:
            yield error("R512", path, f"'{name}' is also the name of a layer or an input", "give it another name")
        figure = next((metric for metric in known if f"{name}_{metric}" in known), None)
        if figure is not None:
            what = f"the {figure} of an output '{name}' would be called '{name}_{figure}', which is another metric"
            yield error("R512", path, what, "give it another name, and write `target`")
        if f"{name}_".startswith(_PREFIXES):
            what = f"figures that begin with '{name}_' are those of a part of the data"
            yield error("R512", path, what, "give it another name, and write `target`")


def outputs_take_layers(recipe: Recipe) -> Iterator[Finding]:
    """R513: an output takes the last layer, or one by its name."""
    ends = ends_of(recipe.model)
    for name, output in recipe.model.outputs.items():
        path: Path = (*_OUTPUTS, name, "input")
        if output.input is not None and recipe.model.kind == "sequential":
            what = "outputs of a sequential model take its last layer"
            yield error("R513", path, what, "write `kind: functional` for the model, or remove `input`")
        elif output.input is not None and ends[name] is None:
            names = [*entries_of(recipe.model), *(one.name for one in recipe.model.layers if one.name is not None)]
            yield error("R513", path, f"no layer is called '{output.input}'", f"names are {', '.join(names)}")


def losses_fit_their_outputs(recipe: Recipe) -> Iterator[Finding]:
    """R514: a crossentropy compares classes or labels, an error numbers; the activation gives what the loss takes."""
    for name, output in recipe.model.outputs.items():
        yield from _loss(output, (*_OUTPUTS, name))


def _loss(output: ModelOutput, path: Path) -> Iterator[Finding]:
    loss, place = output.loss_or_default, (*path, "loss")
    facts = loss_facts(loss)
    if isinstance(loss, CustomLoss) or facts is None:
        yield error("R514", place, "a custom loss is for a model with one output", "take one of Keras' losses")
    elif not _is_for_an_output(loss_kind(loss), output.task):
        names = [one for one in LOSSES if _is_for_an_output(one, output.task)]
        what = f"a loss for an output of {output.task} is {listed(names)}; received {loss_kind(loss)}"
        yield error("R514", place, what, "remove `loss`, or take one of these")
    elif output.activation not in (None, (activation := _ACTIVATIONS.get(output.task, output.activation))):
        what = f"an output of {output.task} has {activation}; received {output.activation}"
        yield error("R514", (*path, "activation"), what, "leave it out")
    elif output.task == "regression" and output.activation == "softmax":
        what = "softmax over the one unit of a regression is always 1"
        yield error("R514", (*path, "activation"), what, "write `activation: linear`, or leave it out")
    elif facts.positive and output.activation not in POSITIVE:
        what = f"{loss_kind(loss)} needs outputs above 0; received activation {output.activation or 'linear'}"
        yield error("R514", place, what, "write `activation: softplus`, or exponential")


def options_of_classes_have_classes(recipe: Recipe) -> Iterator[Finding]:
    """R625: a number has no classes to weigh, and no other classes to give a share of the target to."""
    for name, output in recipe.model.outputs.items():
        facts, path = loss_facts(output.loss_or_default), (*_OUTPUTS, name)
        if output.class_weight is not None and output.task not in ("classification", "binary"):
            predicted = "labels" if output.task == "multi_label" else "a number"
            what = f"class_weight needs classes; the output predicts {predicted}"
            yield error("R625", (*path, "class_weight"), what, "remove it, or write `task: classification`")
        if output.label_smoothing > 0 and (output.task == "regression" or facts is None or not facts.smooths):
            what = f"label_smoothing needs a crossentropy; the loss is {loss_kind(output.loss_or_default)}"
            yield error("R625", (*path, "label_smoothing"), what, "remove it, or take a crossentropy")


def _is_for_an_output(name: str, task: str) -> bool:
    facts = loss_facts(name)
    if facts is None or facts.scores:
        return False
    if task in ("classification", "binary"):
        return facts.fits("classification") and facts.single == (task == "binary")
    return facts.fits(task)


def metrics_fit_their_outputs(recipe: Recipe) -> Iterator[Finding]:
    """R515: accuracies count right classes, errors measure distances between numbers; each is listed once."""
    for name, output in recipe.model.outputs.items():
        metrics = output.metrics or ()
        for k, metric in enumerate(metrics):
            path: Path = (*_OUTPUTS, name, "metrics", k)
            if not _judges(metric, output.task):
                fitting = [one for one in get_args(Metric) if _judges(one, output.task)]
                what = f"a metric for an output of {output.task} is {listed(fitting)}; received {metric}"
                yield error("R515", path, what, "take one of these, or leave `metrics` out")
            elif metric in metrics[:k]:
                yield error("R515", path, f"{metric} is listed twice", "remove one of them")


def _judges(metric: str, task: str) -> bool:
    """Whether a metric is one for an output; of two classes the right one is always among the first two."""
    return fits(metric, "classification") and top_k(metric) is None if task == "binary" else fits(metric, task)


RULES: tuple[Rule, ...] = (
    several_outputs_are_a_task,
    targets_have_an_output_each,
    targets_are_several_for_labels_alone,
    names_of_outputs_are_their_own,
    outputs_take_layers,
    losses_fit_their_outputs,
    options_of_classes_have_classes,
    metrics_fit_their_outputs,
)
