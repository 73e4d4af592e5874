"""What shapes an update, against the loss, the data and the batch; and that a run has a length."""

from collections.abc import Iterator

from schemas.findings import Finding, Path
from schemas.losses import is_custom, loss_facts, loss_kind
from schemas.recipe import Recipe
from schemas.rules.lengths import run
from schemas.rules.samples import samples
from schemas.rules.tell import Rule, error, warning

_TRAINING: Path = ("training",)


def run_has_a_length(recipe: Recipe) -> Iterator[Finding]:
    """R162: a schedule spans a number of steps; a time limit gives none."""
    if recipe.training.epochs is None and recipe.training.steps is None:
        yield error(
            "R162",
            _TRAINING,
            "training must say how long: by epochs, by steps, or by both",
            "write `epochs: 10`; a time_limit alone gives the schedule no length",
        )


def one_bound_clips(recipe: Recipe) -> Iterator[Finding]:
    """R163: each bound alone has a meaning; together they would depend on their order."""
    clip = recipe.training.clip
    if clip is None:
        return
    given = [name for name, bound in clip.model_dump().items() if bound is not None]
    if len(given) != 1:
        yield error(
            "R163",
            (*_TRAINING, "clip"),
            f"clip has one bound: value, norm or global_norm; received {' and '.join(given) or 'none'}",
            "write `clip: {global_norm: 1.0}`",
        )


def smoothed_labels_are_classes(recipe: Recipe) -> Iterator[Finding]:
    """R164: smoothing spreads a share of the right class over all classes; a number has no others."""
    training = recipe.training
    custom = is_custom(training.loss)
    known = loss_facts(training.loss) if training.loss is not None else None
    unfit = recipe.task in ("regression", "multi_output") or custom or (known is not None and not known.smooths)
    smoothing = training.label_smoothing
    if (smoothing if isinstance(smoothing, float) else smoothing.value) > 0 and unfit:
        several = recipe.task == "multi_output"
        own = "a custom loss" if custom else "one of several outputs" if several else "that of a regression"
        loss = own if custom or training.loss is None else loss_kind(training.loss)
        yield error(
            "R164",
            (*_TRAINING, "label_smoothing"),
            f"label_smoothing needs a crossentropy; the loss is {loss}",
            "remove `label_smoothing`; a custom loss may take it as an argument"
            if custom
            else "write `label_smoothing` on the outputs of classes or labels"
            if several
            else "remove `label_smoothing`",
        )


def smoothing_ends_within_the_run(recipe: Recipe) -> Iterator[Finding]:
    """R247: smoothing that ends before the first step, or not before the last, has a shorter form."""
    smoothing = recipe.training.label_smoothing
    if isinstance(smoothing, float):
        return
    share = run(recipe).share(smoothing.off_after)
    if smoothing.off_after.value == 0 or (share is not None and share >= 100):
        never = smoothing.off_after.value == 0
        yield warning(
            "R247",
            (*_TRAINING, "label_smoothing", "off_after"),
            f"label smoothing {'never acts' if never else 'never ends'}; received off_after {smoothing.off_after}",
            "remove `label_smoothing`" if never else f"write `label_smoothing: {smoothing.value:g}` for the whole run",
        )


def weighted_classes_are_classes(recipe: Recipe) -> Iterator[Finding]:
    """R165: only a classification has classes to weigh."""
    if recipe.training.class_weight is not None and recipe.task != "classification":
        what = f"class_weight needs classes; task is {recipe.task}"
        help = "write it on the outputs of a class" if recipe.task == "multi_output" else "remove it"
        yield error("R165", (*_TRAINING, "class_weight"), what, help)


def weighted_classes_exist(recipe: Recipe) -> Iterator[Finding]:
    """R166: a weight of a class that the data does not have does nothing."""
    weights = recipe.training.class_weight
    counts = [sample.classes for _, sample in samples(recipe) if sample.classes is not None]
    for number in weights if isinstance(weights, dict) and counts else ():
        if int(number) >= min(counts):
            yield error(
                "R166",
                (*_TRAINING, "class_weight", number),
                f"classes are 0 to {min(counts) - 1}; received {number}",
                "remove it; classes are counted from 0",
            )


def micro_batches_have_examples(recipe: Recipe) -> Iterator[Finding]:
    """R167: a batch cannot be divided into more parts than it has examples."""
    accumulate, size = recipe.training.accumulate, recipe.data.batch_size
    if accumulate > size:
        yield error(
            "R167",
            (*_TRAINING, "accumulate"),
            f"accumulate must be at most batch_size, {size:,}; received {accumulate:,}",
            "batch_size stays the size of an update's batch; accumulate divides it",
        )


def half_precision_has_a_gpu(recipe: Recipe) -> Iterator[Finding]:
    """R168: most CPUs compute float16 by way of float32, which takes longer; many compute in bfloat16."""
    hardware = recipe.hardware
    slow = [f"precision {hardware.precision}"] if hardware.precision == "mixed_float16" else []
    slow += ["xla on"] if hardware.xla == "on" else []
    if hardware.device == "cpu" and slow:
        yield warning(
            "R168",
            ("hardware", "precision" if hardware.precision == "mixed_float16" else "xla"),
            f"{' and '.join(slow)}: a run on a CPU is slower with it",
            "leave it out, or write `device: gpu`",
        )


def compiled_steps_have_one_device(recipe: Recipe) -> Iterator[Finding]:
    """R169: XLA compiles the update of one device; the sums over several would leave it."""
    hardware = recipe.hardware
    if hardware.xla == "on" and hardware.strategy != "none":
        yield error(
            "R169",
            ("hardware", "xla"),
            f"xla on works on one device alone; strategy is {hardware.strategy}",
            "leave `xla` out, or write `strategy: none`",
        )


RULES: tuple[Rule, ...] = (
    run_has_a_length,
    one_bound_clips,
    smoothed_labels_are_classes,
    smoothing_ends_within_the_run,
    weighted_classes_are_classes,
    weighted_classes_exist,
    micro_batches_have_examples,
    half_precision_has_a_gpu,
    compiled_steps_have_one_device,
)
