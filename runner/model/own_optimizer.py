"""An optimizer of custom code, tried before a run: one update is traced, and the graph is looked at.

Whether what the schedule drives reaches the weights, and whether all that the optimizer remembers is in variables of
its own, is seen in the graph: values of a few updates would not tell, as an optimizer may well act every tenth step.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import keras
import numpy as np

from runner.errors import BuildError, CodeError
from runner.keras_errors import said_with_kind
from runner.model.custom_optimizer import PLACE
from runner.model.optimizer import BuiltOptimizer, build_optimizer
from runner.model.update_graph import UpdateGraph, trace
from runner.plan.plan import Plan
from schemas.custom_optimizer import CustomOptimizer

_SHAPES = ((64, 48), (48,))
_DECAYED = "_exclude_from_weight_decay_cache"


def require_optimizer(plan: Plan) -> None:
    """Make an optimizer of custom code, and trace an update of two made-up variables.

    Raises:
        BuildError: it cannot be made or fails, does not follow what the schedule drives, or remembers something that
            no checkpoint would hold.
    """
    custom = plan.recipe.optimizer
    if not isinstance(custom, CustomOptimizer):
        return
    try:
        for fault in _faults(plan, custom):
            raise BuildError(f"{custom.target}: {fault}", PLACE, custom=True)
    except CodeError as error:
        raise BuildError(str(error), PLACE, custom=True) from error


def _faults(plan: Plan, custom: CustomOptimizer) -> Iterator[str]:
    first = {name: float(values) for name, values in plan.schedule.evaluate(0).items()}
    keras.utils.set_random_seed(plan.recipe.seed)  # as the run does
    built = build_optimizer(custom, first, folder=plan.code_folder)
    optimizer = built.optimizer
    variables = [keras.Variable(np.full(shape, 0.5, np.float32)) for shape in _SHAPES]
    _guarded(custom, lambda: optimizer.build(variables))
    yield from _slots(custom, optimizer)
    before, kept = _state(vars(optimizer)), len(optimizer.variables)
    graphs = [_guarded(custom, lambda: trace(optimizer, variables)) for _ in range(2)]
    if len(optimizer.variables) != kept:
        yield "it makes variables in its update; make them in build(), where a checkpoint finds them"
    yield from _memory_in_python(before, _state(vars(optimizer)), graphs)
    yield from _memory_in_variables(graphs[0], optimizer, built, variables)
    yield from _undriven(plan, custom, built, graphs[0], variables)


def _guarded(custom: CustomOptimizer, step: Callable[[], Any]) -> Any:
    try:
        return step()
    except Exception as error:  # it is somebody's own, and may raise anything
        raise CodeError(f"{custom.target}: {said_with_kind(error)}") from error


def _slots(custom: CustomOptimizer, optimizer: Any) -> Iterator[str]:
    """The declared number of slots is not too small for what ``build`` makes."""
    weights = sum(int(np.prod(shape)) for shape in _SHAPES)
    kept = sum(int(np.prod(v.shape)) for v in optimizer.variables if len(v.shape)) / weights
    if custom.slots is not None and kept > custom.slots + 0.1:
        yield f"it keeps {kept:.3g} numbers for each weight; optimizer.slots says {custom.slots}"


def _memory_in_python(before: Mapping[str, Any], after: Mapping[str, Any], graphs: list[UpdateGraph]) -> Iterator[str]:
    """Nothing of Python changes by an update: it would when the step is traced, and never again."""
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if changed:
        yield (
            f"its update assigns {', '.join(changed)} in Python, which happens once, when the step is compiled, and is "
            "in no checkpoint; keep it in a variable made by self.add_variable() in build(), or read self.iterations"
        )
    if graphs[0].constants != graphs[1].constants:
        yield (
            "its update differs each time it is traced: a number that Python computes (random, a counter, the "
            "time) is a constant in it, and a resumed run would continue with another"
        )


def _memory_in_variables(
    graph: UpdateGraph, optimizer: Any, built: BuiltOptimizer, variables: Iterable[Any]
) -> Iterator[str]:
    """All that an update writes is in a checkpoint, and nothing else is drawn or called."""
    product = getattr(optimizer, "_u_product", None)  # Nadam's
    known = [*optimizer.variables, *variables, *built.variables.values(), *([] if product is None else [product])]
    written = graph.written_besides(known)
    if written:
        yield (
            f"its update writes a variable ({', '.join(written)}) that is none of optimizer.variables, so that no "
            "checkpoint would hold it; make it by self.add_variable() in build()"
        )
    if graph.draws:
        yield (
            f"its update draws random numbers ({', '.join(graph.draws)}) whose state no checkpoint holds; draw them by "
            "tf.random.stateless_normal or another stateless function, with self.iterations in the seed"
        )
    if graph.python:
        yield "its update calls Python at every step (py_function), which is not compiled; write it in TensorFlow"


def _undriven(
    plan: Plan, custom: CustomOptimizer, built: BuiltOptimizer, whole: UpdateGraph, variables: list[Any]
) -> Iterator[str]:
    """What the schedule drives reaches the weights."""
    decay = built.variables.get("weight_decay")
    if decay is not None and not whole.reaches(decay, variables):
        yield "the scheduled weight decay does not act: its update must leave it to keras.optimizers.Optimizer"
    optimizer = built.optimizer
    optimizer._apply_weight_decay = lambda _: None  # which reads the learning rate too
    graph = _guarded(custom, lambda: trace(optimizer, variables))
    if not graph.reaches(built.variables["learning_rate"], variables):
        yield "the learning rate does not act: update_step must use the learning_rate that it receives"
    elif plan.groups and not graph.by_update_step:
        yield (
            "groups cannot multiply its learning rate: each variable must be updated by update_step, by the "
            "learning_rate that this gets"
        )
    momentum = built.variables.get("momentum")
    if momentum is not None and not graph.reaches(momentum, variables):
        yield f"momentum does not act: update_step must read self.{custom.momentum_argument} at every step"


def _is_keras_own(name: Any) -> bool:
    """Whether an attribute is bookkeeping by which nothing is computed: what objects there are, whose decay is left."""
    return isinstance(name, str) and (name in ("update_step", _DECAYED) or name.startswith("_self_"))


def _state(found: Any, depth: int = 5) -> Any:
    """What an optimizer's attributes hold, in a form that can be compared: contents of containers, else identity."""
    if isinstance(found, Mapping) and depth:
        return {key: _state(value, depth - 1) for key, value in found.items() if not _is_keras_own(key)}
    if isinstance(found, list | tuple | set | frozenset) and depth:
        return [_state(value, depth - 1) for value in found]
    if found is None or isinstance(found, bool | int | float | str | bytes):
        return found
    if isinstance(found, np.ndarray):
        return (found.shape, found.tobytes())
    return Counter([id(found)])
