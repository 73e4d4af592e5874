"""The examples in docstrings give the results that they show, without TensorFlow."""

import doctest
import pkgutil
import subprocess
import sys
from importlib import import_module
from inspect import getmembers, isfunction

import numpy as np
import pytest

import runner.curves
import schemas.layers

CURVES = [f"runner.curves.{module.name}" for module in pkgutil.iter_modules(runner.curves.__path__)]
LAYERS = [f"schemas.layers.{module.name}" for module in pkgutil.iter_modules(schemas.layers.__path__)]
QUANTITIES = ["schemas.quantities", "schemas.portion", "schemas.memory_size", "schemas.wall_time"]
CHECKS = "runner.curves.checks"
"""Its functions return nothing that an example could show."""


@pytest.mark.parametrize("name", [*CURVES, *LAYERS, *QUANTITIES])
def test_examples_give_what_they_show(name: str) -> None:
    result = doctest.testmod(import_module(name), extraglobs={"np": np})
    assert result.failed == 0


@pytest.mark.parametrize("name", [name for name in CURVES if name != CHECKS])
def test_every_public_function_of_a_curve_has_an_example(name: str) -> None:
    module = import_module(name)
    public = [function for own, function in getmembers(module, isfunction) if not own.startswith("_")]
    without = [function.__name__ for function in public if function.__module__ == name and not examples_of(function)]
    assert without == []


@pytest.mark.parametrize("name", QUANTITIES)
def test_every_kind_of_quantity_has_an_example(name: str) -> None:
    assert any(test.examples for test in doctest.DocTestFinder().find(import_module(name)))


def test_examples_need_no_tensorflow() -> None:
    names = [*CURVES, *LAYERS, *QUANTITIES]
    code = f"import sys\nfrom importlib import import_module\nfor name in {names}: import_module(name)\n"
    code += "sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def examples_of(function: object) -> list[doctest.Example]:
    return [example for test in doctest.DocTestFinder(recurse=False).find(function) for example in test.examples]
