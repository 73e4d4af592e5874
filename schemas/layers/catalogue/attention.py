"""Families of attention, which take a query, a value, and a key where it is not the value."""

from collections.abc import Sequence
from typing import Any, ClassVar

from schemas.layers.catalogue.base import CatalogueLayer
from schemas.layers.shape import Known, Misfit, Shape, written


class AttentionBase(CatalogueLayer):
    """Each step of the query takes a mean of the values, weighted by how well their keys fit.

    With one input it attends to itself: the input is query, value and key.
    """

    takes: ClassVar[tuple[int, int | None]] = (1, 3)
    takes_mask: ClassVar[bool] = True
    not_of_keras: ClassVar[frozenset[str]] = frozenset({"kind", "inputs", "use_causal_mask"})

    use_causal_mask: bool = False
    """Whether no step sees a later one."""

    def gives_mask_of(self, given: Sequence[bool]) -> bool:
        """That of the query; those of value and key say what is not attended to."""
        return given[0]

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """The query's steps, each with what the values have."""
        shapes = [*inputs, inputs[-1], inputs[-1]][:3]
        for shape in inputs:
            if shape is not None and len(shape) < 2:
                raise Misfit(
                    "R310",
                    None,
                    f"{self.kind} needs steps and features; an input has {len(shape)} "
                    f"{'axis' if len(shape) == 1 else 'axes'}",
                    "put an `embedding` before it, or `reshape` the input to [steps, features]",
                )
        query, value, key = shapes
        if None not in (value, key) and _differ(value, key):
            raise _unlike("value and key must have the same steps", value, key)
        return self.attended(query, value, key)

    def named_arguments(self) -> dict[str, Any]:
        """Arguments of the call beside the inputs."""
        return {"use_causal_mask": True} if self.use_causal_mask else {}

    def attended(self, query: Shape, value: Shape, key: Shape) -> Shape:
        """Shape of the output.

        Raises:
            Misfit: the inputs do not go together.
        """
        raise NotImplementedError


class DotAttention(AttentionBase):
    """Attention without weights of its own for query, value and key."""

    def call_arguments(self, inputs: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """A list of query and value, and the key where it is given."""
        return [list(inputs) if len(inputs) > 1 else [inputs[0], inputs[0]]], self.named_arguments()

    def attended(self, query: Shape, value: Shape, key: Shape) -> Shape:
        """The query's steps with the values' features; query and key have the same features."""
        if query is None or value is None or key is None:
            return None
        if len(query) != 2 or len(value) != 2 or len(key) != 2:
            longest = max((query, value, key), key=len)
            raise Misfit("R310", None, f"{self.kind} needs steps and features; an input has {len(longest)} axes",
                         "`reshape` it to [steps, features]")  # fmt: skip
        if None not in (query[-1], key[-1]) and query[-1] != key[-1]:
            raise _unlike("query and key must have the same features", query, key)
        return (*query[:-1], value[-1])


class ProjectedAttention(AttentionBase):
    """Attention of several heads, each with its own projections."""

    def call_arguments(self, inputs: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
        """Query and value one after the other, and the key where it is given."""
        return list(inputs) if len(inputs) > 1 else [inputs[0], inputs[0]], self.named_arguments()

    def attended(self, query: Shape, value: Shape, key: Shape) -> Shape:
        """The query's shape, with ``output_shape`` as its features where that is given."""
        if query is None:
            return None
        if self.has("attention_axes") and value is not None and len(query) != len(value):
            raise _unlike("query and value must have as many axes", query, value)
        wanted = self.key("output_shape_") if self.has("output_shape_") else None
        if wanted is None:
            return query
        return (*query[:-1], *((wanted,) if isinstance(wanted, int) else wanted))


class GroupedAttention(ProjectedAttention):
    """Attention of groups of heads that share their keys and values."""

    def attended(self, query: Shape, value: Shape, key: Shape) -> Shape:
        """The query's shape; query and value have the same features."""
        heads, shared = self.key("num_query_heads"), self.key("num_key_value_heads")
        if heads % shared:
            raise Misfit(
                "R323",
                "num_key_value_heads",
                f"num_key_value_heads must divide num_query_heads; received {shared} and {heads}",
                "use a divisor of the heads, such as 1",
            )
        if query is not None and value is not None and None not in (query[-1], value[-1]) and query[-1] != value[-1]:
            raise _unlike("query and value must have the same features", query, value)
        return super().attended(query, value, key)


def _differ(value: Shape, key: Shape) -> bool:
    assert value is not None
    assert key is not None
    pairs = zip(value[:-1], key[:-1], strict=False)
    return len(value) != len(key) or any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _unlike(rule: str, one: Shape, other: Shape) -> Misfit:
    shapes: list[Known] = [one or (), other or ()]
    return Misfit(
        "R323",
        "inputs",
        f"{rule}; received {' and '.join(map(written, shapes))}",
        "make the shapes fit first, with a dense layer for the features or a pooling layer for the steps",
    )
