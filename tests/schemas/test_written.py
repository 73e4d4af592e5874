"""Quantities are text in a recipe, read and written by their own functions."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.memory_size import MemorySize
from schemas.portion import Portion
from schemas.quantities import Duration, DurationField
from schemas.written import Written

ADAPTER: TypeAdapter[Duration] = TypeAdapter(DurationField)


def test_text_becomes_a_quantity_and_text_again() -> None:
    assert ADAPTER.validate_python("3 epochs") == Duration(3, "epochs")
    assert ADAPTER.dump_python(Duration(3, "epochs")) == "3 epochs"
    assert ADAPTER.dump_json(Duration(45, "%")) == b'"45%"'


def test_quantities_are_equal_by_class_and_parts() -> None:
    assert {Duration(3, "epochs"), Duration(3.0, "epochs"), Duration(3, "steps")} == {
        Duration(3, "steps"),
        Duration(3, "epochs"),
    }
    assert Duration(3, "%") != Portion(3, "%")
    assert Duration(3, "%") != "3%"
    assert repr(MemorySize(2, "GiB")) == "MemorySize(value=2, unit='GiB')"


@pytest.mark.parametrize("value", [3, {"value": 3, "unit": "epochs"}, "3", None])
def test_nothing_but_the_text_is_taken(value: object) -> None:
    with pytest.raises(ValidationError) as raised:
        ADAPTER.validate_python(value)
    assert [error["type"] for error in raised.value.errors()] == ["value_error"]


def test_the_json_schema_is_the_pattern() -> None:
    adapter: TypeAdapter[int] = TypeAdapter(Annotated[int, Written(lambda text: 1, "^one$")])
    assert adapter.json_schema() == {"type": "string", "pattern": "^one$"}
