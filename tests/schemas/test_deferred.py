"""Types of keys that most recipes leave out: the same language, imported when a recipe has the key."""

import subprocess
import sys
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError, create_model

from schemas.base import Node
from schemas.deferred import deferred
from schemas.regularizer import Regularizer
from schemas.wall_time import WallTime, WallTimeField


class Now(Node):
    penalty: Regularizer | None = None
    limit: WallTimeField | None = None


Later = create_model(
    "Now",
    __base__=Node,
    penalty=(deferred("schemas.regularizer:Regularizer") | None, None),
    limit=(deferred("schemas.wall_time:WallTimeField") | None, None),
)


def test_the_json_schema_is_that_of_the_types() -> None:
    now, later = (TypeAdapter(cls).json_schema() for cls in (Now, Later))
    for schema in (now, later):
        del schema["properties"]["penalty"]["default"]
        schema["properties"]["penalty"].pop("title", None)  # the key again, which the language's schema leaves out
    assert later == now


def test_values_and_faults_are_those_of_the_types() -> None:
    given: dict[str, Any] = {"penalty": {"l1": 0.1}, "limit": "90 minutes"}
    read = Later.model_validate(given)
    assert (read.penalty, read.limit) == (Regularizer(l1=0.1), WallTime(90, "minutes"))
    now = Now.model_validate(given)
    for how in ({}, {"mode": "json"}, {"exclude_unset": True}, {"exclude": {"penalty": {"l2"}}}):
        assert read.model_dump(**how) == now.model_dump(**how)
    for wrong in ({"penalty": {"l1": -1.0, "l3": 0.1}}, {"penalty": {"l1": "0.1"}}, {"limit": "90"}):
        faults = []
        for cls in (Now, Later):
            with pytest.raises(ValidationError) as caught:
                cls.model_validate(wrong)
            faults.append([(fault["loc"], fault["type"]) for fault in caught.value.errors()])
        assert faults[0] == faults[1]


def test_modules_of_keys_that_are_left_out_are_not_imported() -> None:
    program = """
import sys
from runner.source import load
load("recipes/mnist_1cycle.yaml")
print(sorted(sys.modules))
"""
    names = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    for module in (
        "sweep",
        "repeat",
        "after",
        "groups",
        "weights",
        "monitoring",
        "updates",
        "image_changes",
        "portion",
        "model_inputs",
        "windows",
    ):
        assert f"'schemas.{module}'" not in names
        assert f"'schemas.rules.{module}'" not in names or module == "repeat"
    assert "'schemas.training'" in names
