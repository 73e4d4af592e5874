"""What a replay stands on: a run whose recipe, code, machine and data are those of its record."""

from typing import TYPE_CHECKING

from runner.data.examples import Dataset, digests
from runner.data.load import import_readers, load_data
from runner.inference.opened import TrainedRun
from runner.plan.capacity import machine_memory, require_fits
from runner.plan.plan import Plan
from runner.plan.threads import threads_for
from runner.record.environment import host_facts, package_versions
from runner.workflows.inspecting.replay_start import require_same_data, require_same_machine, require_same_subject
from runner.workflows.step_form import with_recorded_form
from runner.workflows.weights import with_recorded_weights

if TYPE_CHECKING:
    from runner.engine.start import Started


def checked_plan(run: TrainedRun, plan: Plan, *, inexact: bool) -> tuple[Plan, list[str]]:
    """The plan that the run trained, and what of this machine's packages and host differs; without TensorFlow.

    Raises:
        CannotReplay: recipe or code are not what the run had, or packages or host, unless ``inexact``.
    """
    require_same_subject(run, plan)
    found = {"packages": package_versions(), "host": host_facts()}
    begun = with_recorded_form(with_recorded_weights(plan, run.access, run.lock), run.lock)
    return begun, require_same_machine(run.lock, found, inexact=inexact)


def started(run: TrainedRun, plan: Plan, *, inexact: bool, force: bool) -> "tuple[Started, list[str]]":
    """TensorFlow started for the plan, and how the device differs from the run's.

    Raises:
        TooLarge: the plan needs more memory than there is, unless ``force``.
        CannotReplay: the device differs, unless ``inexact``.
    """
    from runner.engine.start import start_tensorflow

    device = start_tensorflow(plan.recipe.hardware, threads_for(plan))
    from runner.model.planned_shapes import planned_shapes

    if not force:
        require_fits(plan, planned_shapes(plan), machine_memory())
    now = {
        "device": {"kind": device.kind, "description": device.description},
        "computation": dict(device.computation),
    }
    return device, require_same_machine(run.lock, now, inexact=inexact)


def same_dataset(run: TrainedRun, plan: Plan) -> Dataset:
    """The run's examples.

    Raises:
        CannotReplay: they are not those that it trained on.
    """
    import_readers(plan)
    dataset = load_data(plan, run.access)
    require_same_data(run, plan, digests(dataset))
    return dataset
