"""A union by tag takes what pydantic's own discriminated union takes, and builds what is named."""

import subprocess
import sys
from importlib import import_module
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import Field, GetCoreSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema

from schemas import augment, data, optimizer
from schemas.base import Node
from schemas.layers import FAMILIES
from schemas.loss_kinds import LossKind
from schemas.schedule import curve_kinds
from schemas.schedule.kinds import PLATEAU
from schemas.tagged import ByTag, ByTagLater, Elsewhere


class Circle(Node):
    kind: Literal["circle"]
    radius: float = Field(alias="r")


class Square(Node):
    kind: Literal["square", "box"]
    side: int


class Drawing(Node):
    shapes: Annotated[Circle | Square, ByTag("kind")]


class Told(Node):
    shapes: Annotated[Circle | Square, Field(discriminator="kind")]


def accepted(model: type[Node], value: Any) -> Any:
    try:
        return model.model_validate({"shapes": value}, by_alias=True, by_name=False).model_dump()
    except ValidationError:
        return None


@pytest.mark.parametrize(
    "value",
    [{"kind": "circle", "r": 1.0}, {"kind": "circle", "r": 1}, {"kind": "square", "side": 2},
     {"kind": "box", "side": 2}, {"kind": "circle", "radius": 1.0}, {"kind": "circle"}, {"kind": "square", "side": 2.5},
     {"kind": "square", "side": "2"}, {"kind": "circle", "r": 1.0, "x": 1},
     {"kind": "disc", "r": 1.0}, {"r": 1.0}, {"kind": None}, {"kind": ["circle"]},
     {}, "circle", None, 3, [], [{"kind": "box", "side": 2}], Square(kind="box", side=2)],
    ids=repr,
)  # fmt: skip
def test_it_takes_what_a_discriminated_union_takes(value: Any) -> None:
    assert accepted(Drawing, value) == accepted(Told, value)


def test_the_json_schema_is_that_of_a_discriminated_union() -> None:
    assert Drawing.model_json_schema() == {**Told.model_json_schema(), "title": "Drawing"}


def test_what_is_wrong_inside_a_variant_is_told_with_its_place() -> None:
    with pytest.raises(ValidationError) as raised:
        Drawing.model_validate({"shapes": {"kind": "square", "side": 2.5}})
    assert [error["loc"] for error in raised.value.errors()] == [("shapes", "side")]


def test_only_variants_that_are_named_are_built() -> None:
    built = []

    class Line(Node):
        kind: Literal["line"]

    class Point(Node):
        kind: Literal["point"]

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
            built.append(cls)
            return handler(source)

    adapter: TypeAdapter[Line | Point] = TypeAdapter(Annotated[Line | Point, ByTag("kind")])
    assert adapter.validate_python({"kind": "line"}) == Line(kind="line")
    assert built == []
    assert adapter.validate_python({"kind": "point"}) == Point(kind="point")
    assert built == [Point]


def test_a_union_that_is_imported_later_is_the_same_union() -> None:
    """With the same recipes valid, the same JSON Schema, and the module not imported for a recipe without one."""
    program = (
        "import sys; from schemas.training import Training\n"
        "Training.model_validate({'epochs': 1, 'loss': 'huber'}); assert 'schemas.loss_kinds' not in sys.modules\n"
        "loss = Training.model_validate({'epochs': 1, 'loss': {'kind': 'huber'}}).loss\n"
        "assert type(loss) is sys.modules['schemas.loss_kinds'].Huber"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    of_later, of_now = (
        TypeAdapter(Annotated[item, tag]).json_schema()
        for item, tag in ((Any, ByTagLater("kind", "schemas.loss_kinds:LossKind")), (LossKind, ByTag("kind")))
    )
    assert of_later == of_now


@pytest.mark.parametrize(
    ("union", "module"),
    [
        (optimizer._COMMON, "schemas.common_optimizers"),
        (optimizer._RARE, "schemas.optimizer_kinds"),
        (augment._CHANGES, "schemas.image_changes"),
        (data.TABLES, "schemas.table_data"),
        (data.FILES, "schemas.array_data"),
        (data.SERIES, "schemas.window_data"),
        (data.RECORDS, "schemas.record_data"),
        (PLATEAU, "schemas.schedule.plateau"),
        *((family, family.module) for family in (*FAMILIES, *curve_kinds.FAMILIES)),
    ],
)
def test_a_module_has_all_variants_that_are_elsewhere_and_no_others(union: Elsewhere, module: str) -> None:
    classes = import_module(module).BY_KIND
    assert (union.module, tuple(classes)) == (module, union.names())
    key = "source" if union in (data.TABLES, data.FILES, data.SERIES, data.RECORDS) else "kind"
    assert all(get_args(cls.model_fields[key].annotation) == (tag,) for tag, cls in classes.items())
