"""Every code has a page whose examples do what it says, and every page has a rule and a case."""

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from runner.diagnostics.codes import Page
from runner.diagnostics.pages.rules import PAGES
from schemas import rules
from tests.schemas.rules_helpers import findings, recipe
from tests.schemas.test_rules import CASES


def _read(example: str) -> dict[str, Any]:
    tree = YAML(typ="safe", pure=True).load(example)
    assert isinstance(tree, dict)
    return tree


NAMED = "R185"
"""What any recipe with custom code is told."""


def _codes(example: str) -> set[str]:
    return {finding.code for finding in findings(recipe(_read(example)))}


def test_pages_and_cases_have_the_same_codes() -> None:
    assert {page.code for page in PAGES} == {case.code for case in CASES}


def test_codes_in_the_rules_are_those_of_the_pages() -> None:
    schemas = Path(__file__).parents[2] / "schemas"  # layers and schedules have checks that the plan uses as well
    rooms = ("rules", "layers", "layers/applications", "layers/catalogue", "schedule")
    files = [file for room in rooms for file in schemas.glob(f"{room}/*.py")]
    written = {code for file in files for code in re.findall(r'"(R\d{3})"', file.read_text("utf-8"))}
    assert written == {page.code for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_wrong_example_has_the_code_alone(page: Page) -> None:
    assert _codes(page.bad) - {NAMED} == {page.code} - {NAMED}
    assert page.code in _codes(page.bad)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.code)
def test_right_example_has_no_finding(page: Page) -> None:
    assert _codes(page.good) == ({NAMED} if 'target: "mine:' in page.good else set())


def test_each_rule_states_its_code_and_why() -> None:
    files = [module.name for module in pkgutil.iter_modules(rules.__path__)]
    found = [rule for name in files for rule in getattr(import_module(f"schemas.rules.{name}"), "RULES", ())]
    assert len(found) > 50
    for rule in found:
        assert re.match(r"R\d{3}( to R\d{3})?: ", rule.__doc__ or ""), rule
