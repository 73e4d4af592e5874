"""Functions that TensorFlow compiles, and loops in them."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf


def compiled(function: Callable[..., Any], *, own_code: bool, **options: Any) -> Callable[..., Any]:
    """``tf.function`` without AutoGraph, unless custom code is part of what it traces.

    AutoGraph rewrites every Python function that is called, which took three quarters of the time to the first step of
    a small model. The functions here have loops and conditions of TensorFlow's own and need no rewriting; custom code
    may have an ``if`` on a tensor.

    Args:
        function: what is compiled.
        own_code: whether it calls custom code.
        options: of ``tf.function``.
    """
    traced: Callable[..., Any] = tf.function(function, autograph=own_code, **options)
    return traced


def rows_of(row: Callable[[tf.Tensor], Sequence[tf.Tensor]], count: tf.Tensor, types: Sequence[Any]) -> list[Any]:
    """What a function gives for 0 … count − 1, in arrays: a loop of the graph, for any count.

    Args:
        row: gives a tensor for each array; the shape of one may differ from row to row.
        count: number of rows.
        types: of the arrays.

    Returns:
        An array for each type, to be stacked or joined.
    """
    arrays = [tf.TensorArray(kind, count, infer_shape=False, element_shape=None) for kind in types]

    def body(k: tf.Tensor, *written: Any) -> tuple[Any, ...]:
        return k + 1, *(array.write(k, value) for array, value in zip(written, row(k), strict=True))

    # the bound is stated a second time, as AutoGraph's loops have it: the runtime then knows the number of rows
    _, *found = tf.while_loop(lambda k, *_: k < count, body, [tf.constant(0), *arrays], maximum_iterations=count)
    rows: list[Any] = found
    return rows
