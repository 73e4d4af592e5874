"""Values that a JSON Schema allows, and values that are nearly allowed."""

import re
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 0.0, 0.5, 1.5, -0.5, 1e-3, 2, 8, 1e6, 1000001, 10**13, 2**32, "", " ", "a",
    "auto", "fixed", "standard", "1/255", " 1/255 ", "1/0", "0/5", "1/0.5", "2000000/1", "0.1/3e2", "45%", "100%",
    "101%", "1e1%", " 3 epochs", "3 epoch", "500steps", "5 years", "9e999 steps", ">= 1", "<.5", "about 1", "1",
    "train", "train[:10]", "train[1]", "mnist/x", "x" * 64, "x" * 65, "a\n", "\u00a03 epochs", "dense", "adam",
    "1cycle", [], [1], [1, 2], [1, 2, 3], ["accuracy"], [True], [1.0, 2.0], {}, {"kind": "dense"},
    {"kind": "dense", "units": 3}, {"from": 0, "to": 1}, {"from_": 0, "to": 1}, {"high": 0.9},
    {"source": "builtin", "name": "iris"}, {"x": 1},
]  # fmt: skip
KEYS = ["kind", "source", "name", "units", "from", "from_", "momentum", "scale", "x", "X", "test_accuracy", ""]


def values(schema: Schema, defs: dict[str, Schema]) -> st.SearchStrategy[Any]:
    """Values of a schema; only what pydantic writes is known."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return st.deferred(lambda: values(defs[name], defs))
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return st.one_of([values(option, defs) for option in schema[key]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer":
            return st.integers(schema.get("minimum", -1000), schema.get("maximum", 1000))
        case "number":
            return _numbers(schema)
        case "string":
            return _texts(schema)
        case "array":
            return st.lists(
                values(schema["items"], defs),
                min_size=schema.get("minItems", 0),
                max_size=min(schema.get("maxItems", 3), 3),
            )
        case _:
            return _mappings(schema, defs)


def _numbers(schema: Schema) -> st.SearchStrategy[float]:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -1e6))
    high = schema.get("maximum", schema.get("exclusiveMaximum", 1e6))
    return st.floats(
        low, high, exclude_min="exclusiveMinimum" in schema, exclude_max="exclusiveMaximum" in schema, allow_nan=False
    )


def _texts(schema: Schema) -> st.SearchStrategy[str]:
    if "pattern" not in schema:
        return st.text(st.characters(codec="utf-8"), min_size=schema.get("minLength", 0), max_size=20)
    inner = schema["pattern"].removeprefix("^").removesuffix("$")
    limit = schema.get("maxLength", 10**6)
    return st.from_regex(re.compile(inner), fullmatch=True).filter(lambda text: len(text) <= limit)


def _mappings(schema: Schema, defs: dict[str, Schema]) -> st.SearchStrategy[dict[str, Any]]:
    if "patternProperties" in schema:
        ((pattern, value),) = schema["patternProperties"].items()
        return st.dictionaries(_texts({"pattern": pattern}), values(value, defs), max_size=2)
    if "properties" not in schema:
        return st.dictionaries(st.sampled_from(KEYS), st.sampled_from(ODD), max_size=2)
    required = set(schema.get("required", ()))
    fields = {key: values(value, defs) for key, value in schema["properties"].items()}
    return st.fixed_dictionaries(
        {key: value for key, value in fields.items() if key in required},
        optional={key: value for key, value in fields.items() if key not in required},
    )


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in _places(item, (*path, key)))]


def _put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _put(copy[path[0]], path[1:], new)
    return copy


@st.composite
def nearly(draw: st.DrawFn, valid: st.SearchStrategy[Any]) -> Any:
    """A valid value with up to three places changed to something odd, gone, or with a key too many."""
    value = draw(valid)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(_places(value)[1:] or [()]))
        inner = value
        for key in path:
            inner = inner[key]
        change = draw(st.integers(0, 9))
        if change == 0 and isinstance(inner, dict):
            value = _put(value, path, {**inner, draw(st.sampled_from(KEYS)): draw(st.sampled_from(ODD))})
        elif change == 1 and isinstance(inner, dict) and inner:
            gone = draw(st.sampled_from(list(inner)))
            value = _put(value, path, {key: item for key, item in inner.items() if key != gone})
        elif change == 2 and isinstance(inner, list) and inner:
            value = _put(value, path, [*inner, inner[0]] * draw(st.integers(1, 2)))
        elif change == 3 and isinstance(inner, int) and not isinstance(inner, bool):
            value = _put(value, path, float(inner))
        else:
            value = _put(value, path, draw(st.sampled_from(ODD)))
        if not isinstance(value, dict):
            break
    return value
