"""The task against data, loss, metrics and output layer."""

from collections.abc import Iterator
from typing import get_args

from schemas.findings import Finding, Path
from schemas.losses import loss_facts, loss_kind, losses_for
from schemas.metrics import Metric, fits, is_whole, name_of, top_k
from schemas.recipe import Recipe
from schemas.rules.measures import DEFAULTS
from schemas.rules.samples import samples, sources, targets_of
from schemas.rules.tell import Rule, error, listed
from schemas.samples import SAMPLES

_OUTPUT: Path = ("model", "output")
POSITIVE = ("softplus", "exponential", "relu", "relu6", "sigmoid", "hard_sigmoid")
"""Activations that never go below 0."""


def task_fits_the_data(recipe: Recipe) -> Iterator[Finding]:
    """R140: a sample's targets are classes or numbers, and the task says which are meant."""
    for source, _ in samples(recipe):
        if recipe.task in (source.task, "multi_output"):  # of the latter R510 speaks
            continue
        fitting = [name for name, other in SAMPLES.items() if (other.classes is None) == (recipe.task == "regression")]
        yield error(
            "R140",
            (*source.path, "name") if source.is_fallback else ("task",),
            f"task is {recipe.task}, but {source.name} is data for {source.task}",
            f"take a sample for {recipe.task}: {listed(fitting)}"
            if source.is_fallback
            else f"write `task: {source.task}`",
        )


def loss_fits_the_task(recipe: Recipe) -> Iterator[Finding]:
    """R141: a crossentropy compares classes, an error compares numbers."""
    loss = recipe.training.loss if recipe.task != "multi_output" else None
    known = loss_facts(loss) if loss is not None else None
    if loss is not None and known is not None and not known.fits(recipe.task):
        yield error(
            "R141",
            ("training", "loss") if isinstance(loss, str) else ("training", "loss", "kind"),
            f"a loss for {recipe.task} is {listed(losses_for(recipe.task))}; received {loss_kind(loss)}",
            "remove `loss`: it follows from the task, or take one of these",
        )


def output_fits_the_loss(recipe: Recipe) -> Iterator[Finding]:
    """R142: the loss reads the output as probabilities of classes, as one probability, as scores, or as a number.

    A loss of two classes needs one unit and sigmoid, one of classes in general two units or more and softmax. In place
    of the activation `logits` may be written, of which R257 speaks; a hinge loss takes nothing else.
    Labels: sigmoid, for each of them. Regression: anything but softmax, which is always 1 over one unit.
    """
    output, loss = recipe.model.output, recipe.training.loss
    if recipe.task in ("multi_output", "language_model"):  # of the latter's output R747 speaks
        return
    if recipe.task == "regression":
        if output.activation == "softmax" and 1 in (output.units, targets_of(recipe)):
            what = "softmax over the one unit of a regression is always 1"
            yield error("R142", (*_OUTPUT, "activation"), what, "write `activation: linear`, or leave it out")
        return
    labels = recipe.task == "multi_label"
    inferred = "binary_crossentropy" if labels or output.units == 1 else "sparse_categorical_crossentropy"
    name = inferred if loss is None else loss_kind(loss)
    known = loss_facts(name)
    if known is None or not known.fits(recipe.task):
        return  # one's own reads the output as it likes; of others R141 speaks
    if labels:
        yield from _output_of_labels(recipe, name)
        return
    binary = known.single
    suits = output.units == 1 if binary else output.units != 1
    wanted = "logits: true" if known.scores else "sigmoid" if binary else "softmax"
    activation = output.activation or ("sigmoid" if output.units == 1 else "softmax")
    if suits and (output.logits or activation == wanted):
        return
    units = "one for each class" if output.units is None else str(output.units)
    yield error(
        "R142",
        _output_place(recipe, suits),
        f"{name} needs {'one unit' if binary else 'two units or more'} and {wanted}; "
        f"received units {units} and {'logits' if output.logits else activation}",
        _way_to_fit(binary, scores=known.scores, linear=suits and output.activation == "linear"),
    )


def _output_of_labels(recipe: Recipe, loss: str) -> Iterator[Finding]:
    output = recipe.model.output
    if not output.logits and output.activation not in (None, "sigmoid"):
        what = f"{loss} for labels needs sigmoid; received {output.activation}"
        yield error("R142", (*_OUTPUT, "activation"), what, "leave it out; or write `logits: true` in its place")


def output_is_positive(recipe: Recipe) -> Iterator[Finding]:
    """R330: the logarithm of an expected count below 0 is not a number, and would end the run at its first steps."""
    output, loss = recipe.model.output, recipe.training.loss
    known = loss_facts(loss) if loss is not None else None
    if loss is None or known is None or not known.positive or known.task != recipe.task:
        return
    if output.activation in POSITIVE:
        return
    yield error(
        "R330",
        (*_OUTPUT, "activation") if output.activation is not None else ("training", "loss"),
        f"{loss_kind(loss)} needs outputs above 0; received activation {output.activation or 'linear'}",
        "write `model: {output: {activation: softplus}}`, or exponential",
    )


def _way_to_fit(binary: bool, *, scores: bool, linear: bool) -> str:
    if scores:
        return f"write `output: {{{'units: 1, ' if binary else ''}logits: true}}`, without activation"
    if linear:
        return "remove it; or write `logits: true` in its place, for an output without softmax or sigmoid"
    return "write `output: {units: 1}`" if binary else "leave units and activation to task and data"


def _output_place(recipe: Recipe, units_fit: bool) -> Path:
    written = recipe.model.output.model_fields_set
    if "activation" in written and units_fit:
        return (*_OUTPUT, "activation")
    return (*_OUTPUT, "units") if "units" in written else ("training", "loss")


def metrics_fit_the_task(recipe: Recipe) -> Iterator[Finding]:
    """R143: accuracies count right classes, errors measure distances between numbers."""
    for k, metric in enumerate(recipe.training.metrics or ()):
        if isinstance(metric, str) and recipe.task != "multi_output" and not fits(metric, recipe.task):
            fitting = [name for name in get_args(Metric) if fits(name, recipe.task)]
            yield error(
                "R143",
                ("training", "metrics", k),
                f"a metric for {recipe.task} is {listed(fitting)}; received {metric}",
                f"take {DEFAULTS[recipe.task][0]}, or leave `metrics` out",
            )


def top_k_leaves_some_out(recipe: Recipe) -> Iterator[Finding]:
    """R144: with k classes or fewer the right one is always among the first k."""
    units = recipe.model.output.units
    known = [units] if units is not None else [sample.classes for _, sample in samples(recipe)]
    fewest = min((count for count in known if count is not None), default=None)
    for number, metric in enumerate(recipe.training.metrics or ()):
        k = top_k(name_of(metric))
        if k is not None and fewest is not None and fewest <= k:
            yield error(
                "R144",
                ("training", "metrics", number),
                f"{name_of(metric)} needs more than {k} classes; there are {max(fewest, 2)}",
                "take accuracy",
            )


def whole_metrics_have_a_part(recipe: Recipe) -> Iterator[Finding]:
    """R331: what is computed of a whole split needs one that is evaluated."""
    whole = [(path, metric) for path, metric in _written_metrics(recipe) if is_whole(metric)]
    for source in sources(recipe):
        for path, metric in [] if source.validation or source.test else whole:
            yield error(
                "R331",
                (*source.path, "splits") if source.is_fallback else path,
                f"{metric} is computed for validation and test examples, and {source.name} has neither",
                f"give {'.'.join(map(str, source.path))}.splits a validation or test part, or remove {metric}",
            )


def _written_metrics(recipe: Recipe) -> Iterator[tuple[Path, str]]:
    """The metrics that a recipe writes, of its one output or of several, with their places."""
    for k, metric in enumerate(recipe.training.metrics or ()):
        yield ("training", "metrics", k), name_of(metric)
    for name, output in recipe.model.outputs.items():
        for k, metric in enumerate(output.metrics or ()):
            yield ("model", "outputs", name, "metrics", k), metric


def calibration_is_of_probabilities(recipe: Recipe) -> Iterator[Finding]:
    """R332: the outputs of a hinge loss are scores, which no probability follows from."""
    loss = recipe.training.loss
    known = loss_facts(loss) if loss is not None else None
    for k, metric in enumerate(recipe.training.metrics or ()):
        if loss is not None and known is not None and known.scores and metric == "calibration_error":
            yield error(
                "R332",
                ("training", "metrics", k),
                f"{metric} needs probabilities; with {loss_kind(loss)} the model gives scores",
                f"remove {metric}, or take a crossentropy",
            )


def output_has_a_unit_for_each_class(recipe: Recipe) -> Iterator[Finding]:
    """R145: an output unit stands for a class, one alone for a choice between two, or for a number or label sought."""
    units = recipe.model.output.units
    if units is None:
        return
    path = (*_OUTPUT, "units")
    if recipe.task in ("multi_output", "language_model"):  # the vocabulary is known from the data alone
        return
    if recipe.task != "classification":
        count = targets_of(recipe)
        if count is not None and units != count:
            what = f"output units must be {count}, the number of targets; received {units}"
            yield error("R145", path, what, "leave `units` out: it follows from the data")
        return
    for source, sample in samples(recipe):
        if sample.classes not in (None, units) and (units, sample.classes) != (1, 2):
            yield error(
                "R145",
                (*source.path, "name") if source.is_fallback else path,
                f"output units must be the number of classes; received {units}, and {source.name} has {sample.classes}",
                "leave `units` out: it follows from the data",
            )


def thresholds_have_one_output(recipe: Recipe) -> Iterator[Finding]:
    """R333: a threshold divides one probability, or that of each label; of classes the largest output decides."""
    for name, one in recipe.model.outputs.items():
        if one.threshold is not None and one.task not in ("binary", "multi_label"):
            what = f"threshold needs two classes and one unit, or labels; the output is of {one.task}"
            help = "write `task: binary`" if one.task == "classification" else "remove `threshold`"
            yield error("R333", ("model", "outputs", name, "threshold"), what, help)
    if recipe.training.threshold is None or recipe.task == "multi_label":
        return
    classes = recipe.task == "classification"
    if not classes or recipe.model.output.units != 1:
        what = "of several outputs the largest decides" if classes else f"task is {recipe.task}"
        yield error(
            "R333",
            ("training", "threshold"),
            f"threshold needs labels, or two classes and one output unit; {what}",
            "write `model: {output: {units: 1}}`" if classes else _elsewhere(recipe),
        )


def _elsewhere(recipe: Recipe) -> str:
    """Where several outputs have their thresholds; a number has none."""
    several = recipe.task == "multi_output"
    return "write `threshold` on outputs of `task: binary` or `multi_label`" if several else "remove `threshold`"


def _thresholds(recipe: Recipe) -> Iterator[tuple[Path, str | float | None]]:
    """Every threshold that a recipe may write, with its place."""
    yield ("training", "threshold"), recipe.training.threshold
    for name, output in recipe.model.outputs.items():
        yield ("model", "outputs", name, "threshold"), output.threshold


def thresholds_are_chosen_on_validation(recipe: Recipe) -> Iterator[Finding]:
    """R334: a threshold that is chosen on the training examples would be too good for them, and on the test a leak."""
    chosen = [(path, written) for path, written in _thresholds(recipe) if isinstance(written, str)]
    for source in sources(recipe):
        for path, threshold in [] if source.validation else chosen:
            yield error(
                "R334",
                (*source.path, "splits", "validation") if source.is_fallback else path,
                f"threshold {threshold} is chosen on validation examples, and {source.name} has none",
                f"give {'.'.join(map(str, source.path))}.splits a validation part, or write a number",
            )


RULES: tuple[Rule, ...] = (
    task_fits_the_data,
    loss_fits_the_task,
    output_fits_the_loss,
    output_is_positive,
    metrics_fit_the_task,
    top_k_leaves_some_out,
    whole_metrics_have_a_part,
    calibration_is_of_probabilities,
    output_has_a_unit_for_each_class,
    thresholds_have_one_output,
    thresholds_are_chosen_on_validation,
)
