"""The graph of one update of an optimizer: what reaches the weights, and what is remembered."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import tensorflow as tf

_MARK = "rate_of_update_step"
_DRAWS = frozenset({
    "RandomUniform", "RandomUniformInt", "RandomStandardNormal", "TruncatedNormal", "ParameterizedTruncatedNormal",
    "RandomShuffle", "RandomGamma", "RandomPoisson", "RandomPoissonV2", "Multinomial",
})  # fmt: skip
"""Operations whose random state is TensorFlow's own, in no variable."""
_PYTHON = frozenset({"PyFunc", "PyFuncStateless", "EagerPyFunc"})


class UpdateGraph:
    """What was traced.

    Args:
        graph: a function's.
        variables: that the optimizer updates.
    """

    def __init__(self, graph: Any, variables: Sequence[Any]) -> None:
        self._graph, self._variables = graph, variables
        self._inside = {id(outside): inside for outside, inside in graph.captures if outside.dtype == tf.resource}
        self._outside = {id(inside): outside for outside, inside in graph.captures}

    @cached_property
    def _nodes(self) -> list[Any]:
        made = self._graph.as_graph_def()
        return [*made.node, *(node for function in made.library.function for node in function.node_def)]

    @cached_property
    def constants(self) -> Counter[tuple[str, bytes]]:
        """Operations, with the values of constants: the same for two graphs that do the same."""
        return Counter((node.op, node.attr["value"].SerializeToString(deterministic=True)) for node in self._nodes)

    @property
    def draws(self) -> list[str]:
        """Operations that draw random numbers, but for those whose seed is a tensor."""
        return sorted({node.op for node in self._nodes} & _DRAWS)

    @property
    def python(self) -> bool:
        """Whether it calls Python."""
        return any(node.op in _PYTHON for node in self._nodes)

    def written_besides(self, known: Iterable[Any]) -> list[str]:
        """Names of variables that are written, or handed to a branch or a loop, and are not known."""
        handles = {id(_handle(variable)) for variable in known}
        names = {id(variable.handle): variable.name for variable in self._graph.variables}
        return [
            names.get(outside, inside.name)
            for outside, inside in self._inside.items()
            if outside not in handles and _writers(inside)
        ]

    def reaches(self, variable: Any, weights: Sequence[Any]) -> bool:
        """Whether what each weight becomes depends on a variable."""
        inside = self._inside.get(id(_handle(variable)))
        return inside is not None and all(self._reach([inside], weight) for weight in weights)

    @property
    def by_update_step(self) -> bool:
        """Whether what each weight becomes depends on the learning rate that ``update_step`` got."""
        marks = [op.outputs[0] for op in self._graph.get_operations() if op.type == "Identity" and _MARK in op.name]
        return bool(marks) and all(self._reach(marks, weight) for weight in self._variables)

    def _reach(self, sources: Iterable[Any], weight: Any) -> bool:
        inside = self._inside.get(id(_handle(weight)))
        if inside is None:
            return False
        dependent = set(_dependent(sources))
        return any(op in dependent for op in _writers(inside))


def trace(optimizer: Any, variables: Sequence[Any]) -> UpdateGraph:
    """Trace ``apply`` as the compiled step does.

    Args:
        optimizer: built for the variables.
        variables: what it updates.
    """
    inherited = optimizer.update_step

    def update_step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        inherited(gradient, variable, tf.identity(learning_rate, name=_MARK))

    optimizer.update_step = update_step
    try:
        specs = [tf.TensorSpec(variable.shape, tf.float32) for variable in variables]
        traced = tf.function(lambda *gradients: optimizer.apply(list(gradients), list(variables)))
        return UpdateGraph(traced.get_concrete_function(*specs).graph, variables)
    finally:
        del optimizer.update_step


def _handle(variable: Any) -> Any:
    return getattr(variable, "value", variable).handle if hasattr(variable, "path") else variable.handle


def _writers(handle: Any) -> list[Any]:
    """Operations that take a variable and do more than read it."""
    return [op for op in handle.consumers() if op.type not in ("ReadVariableOp", "VariableShape")]


def _dependent(sources: Iterable[Any]) -> Iterator[Any]:
    """Operations that depend on a tensor's value, or on that of a variable which such an operation writes."""
    waiting, seen = list(sources), set[Any]()
    while waiting:
        for op in waiting.pop().consumers():
            if op not in seen:
                seen.add(op)
                yield op
                waiting += op.outputs
                waiting += [handle for handle in op.inputs if handle.dtype == tf.resource and op in _writers(handle)]
