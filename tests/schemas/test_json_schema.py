"""The exported JSON Schema and the models allow the same recipes, but for the rules across fields."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from runner.source import find, load
from runner.source.yaml.nodes import to_data
from runner.source.yaml.parse import parse
from runner.source.yaml.positions import SourceText
from runner.source.yaml.read import Budget
from schemas.export import DIALECT, json_schema
from schemas.recipe import Recipe
from tests.cli.program import GALLERY, REPOSITORY
from tests.schemas.json_generator import nearly, values
from tests.source.samples import SAMPLES
from tests.source.test_good_recipes import GOOD

SCHEMA = json_schema()
DEFS: dict[str, Any] = SCHEMA["$defs"]
FUZZ = settings(
    max_examples=int(os.environ.get("RECIPE_FUZZ", "300")), deadline=None, suppress_health_check=list(HealthCheck)
)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[jsonschema.ValidationError]:
    # Python's $ also stands before a last line feed; that of JSON Schema, which is ECMA's, does not.
    if isinstance(instance, str) and not re.search(re.sub(r"\$\Z", r"\\Z", pattern), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _whole(checker: object, instance: object) -> bool:
    # For JSON 1.0 and 1 are one number; a recipe has them apart, as YAML does.
    return isinstance(instance, int) and not isinstance(instance, bool)


VALIDATOR = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    {"pattern": _pattern},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole),
)
WHOLE = VALIDATOR({"$ref": "#/$defs/Recipe", "$defs": DEFS})
ANY = VALIDATOR(SCHEMA)
VALID = values(DEFS["Recipe"], DEFS)


def model_takes(value: Any) -> bool:
    """Whether the models take it, by the names that keys have in a recipe."""
    try:
        Recipe.model_validate(value, by_alias=True, by_name=False)
    except ValidationError:
        return False
    return True


def read(text: str) -> Any:
    """The data of a text."""
    root, _ = parse(SourceText("r", text.removeprefix("\ufeff")), Budget())
    assert root is not None
    return to_data(root)


GALLERY_DATA = [read(path.read_text()) for path in find([GALLERY])]


@FUZZ
@given(VALID)
def test_what_the_schema_allows_the_models_take(value: Any) -> None:
    assert WHOLE.is_valid(value)
    assert model_takes(value)


@FUZZ
@given(nearly(VALID))
@example({**GALLERY_DATA[0], "recipe": True})
@example({**GALLERY_DATA[0], "recipe": 1.0})
@example({**GALLERY_DATA[0], "seed": 1.0})
@example({**GALLERY_DATA[0], "name": "a\n"})
@example({**GALLERY_DATA[0], "expect": {"Loss": "< 1"}})
@example({**GALLERY_DATA[0], "schedule": {"kind": "linear", "initial_lr": "0/5"}})
@example({**GALLERY_DATA[0], "schedule": {"kind": "linear", "initial_lr": "2000000/1"}})
@example({**GALLERY_DATA[0], "schedule": {"kind": "power", "initial_lr": 1, "decay_every": "101%"}})
@example({**GALLERY_DATA[0], "schedule": {"kind": "power", "initial_lr": 1, "decay_every": "1e999 steps"}})
@example({**GALLERY_DATA[0], "schedule": {"kind": "linear", "initial_lr": 1, "warmup": {"duration": "1%", "from_": 0}}})
def test_schema_and_models_agree_on_what_is_nearly_a_recipe(value: Any) -> None:
    assert WHOLE.is_valid(value) == model_takes(value)


@FUZZ
@given(nearly(st.sampled_from(GALLERY_DATA)))
def test_schema_and_models_agree_on_changed_recipes_of_the_gallery(value: Any) -> None:
    assert WHOLE.is_valid(value) == model_takes(value)


@pytest.mark.parametrize("text", [*SAMPLES, *GOOD.values(), *(path.read_text() for path in find([GALLERY]))])
def test_good_recipes_are_valid(text: str) -> None:
    ANY.validate(read(text))


@pytest.mark.parametrize(
    ("part", "valid"),
    [
        ("extends: base.yaml", True),
        ("extends: [a.yaml, b.yaml]\ndata: {batch_size: 64}\nschedule: {max_lr: 0.1}\nmodel: {layers: []}", True),
        ("extends: a.yaml\ntraining: {early_stopping: {patience: 3}}", True),
        ("extends: a.yaml\nschedule: null", True),
        ("extends: a.yaml\nsead: 1", False),
        ("extends: a.yaml\nmodel: {layers: [{units: 3}]}", False),
        ("extends: a.yaml\ndata: {batch_sise: 64}", False),
        ("extends: 3", False),
        ("seed: 1", False),
    ],
)
def test_a_recipe_that_extends_another_says_only_what_differs(part: str, valid: bool) -> None:
    assert ANY.is_valid(read(part)) is valid


def test_the_schema_is_one_of_2020_12() -> None:
    assert SCHEMA["$schema"] == DIALECT
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_exported_file_is_fresh() -> None:
    assert json.loads((REPOSITORY / "schemas" / "recipe.schema.json").read_text()) == SCHEMA, "run `make schema`"


@pytest.mark.parametrize("name", DEFS)
def test_every_key_has_a_description_and_a_default_unless_it_is_required(name: str) -> None:
    for key, schema in DEFS[name]["properties"].items():
        assert schema.get("description"), key
        required = key in DEFS[name.removeprefix("PartOf")].get("required", ())
        assert required or key == "extends" or "default" in schema, key


def test_defaults_are_what_the_models_take_for_nothing() -> None:
    validators = {name: VALIDATOR({"$ref": f"#/$defs/{name}", "$defs": DEFS}) for name in DEFS}
    for name in validators:
        for schema in DEFS[name]["properties"].values():
            if "default" in schema:
                VALIDATOR({**schema, "$defs": DEFS}).validate(schema["default"])


def test_every_variant_is_told_by_a_constant() -> None:
    variants = [schema for schema in DEFS.values() if {"kind", "source"} & schema["properties"].keys()]
    assert len(variants) > 60
    for schema in variants:
        tag = schema["properties"].get("kind") or schema["properties"]["source"]
        assert isinstance(tag["const"], str)


def test_load_and_the_schema_agree_on_the_gallery(tmp_path: Path) -> None:
    for path in find([GALLERY]):
        assert load(path).ok
