"""Cases of the rules on groups of layers."""

from typing import Any

from tests.schemas.rules_helpers import Case


def group(factor: Any, *layers: str) -> dict[str, Any]:
    return {"layers": list(layers or ("output",)), "factor": factor}


def groups(**written: Any) -> dict[str, Any]:
    return {"groups": written}


def way(first: float, curve: str) -> dict[str, Any]:
    return {"phases": [{"duration": "100%", "factor": {"from": first, "to": 1}, "curve": curve}]}


STAGES = {
    "model": {
        "kind": "sequential",
        "layers": [{"kind": "flatten"}, *({"kind": "dense", "units": 9, "name": f"stage.{k}.dense_1"} for k in (1, 2))],
    }
}

CASES = [
    Case(  # the name of a block stands for all layers in it
        "R395",
        ("groups", "b", "layers", 0),
        STAGES | groups(a=group(0, "stage"), b=group(2, "stage.2")),
        STAGES | groups(a=group(0, "stage.1"), b=group(2, "stage.2")),
        received="in group 'a'",
    ),
    Case(
        "R395",
        ("groups", "a", "layers", 0),
        STAGES | groups(a=group(0, "stag")),
        STAGES | groups(a=group(0, "stage")),
        received="stag",
    ),
    Case("R395", ("groups", "a", "layers", 0), groups(a=group(0, "base")), groups(a=group(0)), received="base"),
    Case(
        "R395",
        ("groups", "b", "layers", 0),
        groups(a=group(0), b=group(2)),
        groups(a=group(0)),
        received="in group 'a'",
    ),
    Case(
        "R396",
        ("groups", "a", "factor", "phases", 0, "curve"),
        groups(a=group(way(0, "exponential"))),
        groups(a=group(way(0, "linear"))),
        received="above zero",
    ),
    Case("R397", ("groups", "a", "factor"), groups(a=group(1)), groups(a=group(1.5)), received="1"),
]
