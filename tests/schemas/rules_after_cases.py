"""Cases of the rules on what follows a training."""

from typing import Any

from tests.schemas.rules_helpers import Case


def after(*steps: Any, test: bool = True) -> dict[str, Any]:
    splits = {"train": "80%", "validation": "20%", "test": "0%"} if not test else {}
    return {"data": {"source": "builtin", "name": "iris", "splits": splits}, "after": list(steps)}


def export(**options: Any) -> dict[str, Any]:
    return {"export": options}


CASES = [
    Case("R470", ("after", 1), after("report", "evaluate", test=False), after("evaluate"), received="no"),
    Case(
        "R471",
        ("after", 0, "export", "int8"),
        after(export(to="onnx", int8=True)),
        after(export(to="litert", int8=True)),
        received="onnx",
    ),
    Case(
        "R471",
        ("after", 0, "export", "allow_flips"),
        after(export(to="onnx", allow_flips=3)),
        after(export(to="onnx", allow_flips=3, check=True)),
        received="3",
    ),
    Case("R472", ("after", 2), after("report", "evaluate", "report"), after("evaluate", "report"), received="report"),
    Case(
        "R472",
        ("after", 1),
        after(export(to="litert"), export(to="litert", check=True)),
        after(export(to="litert"), export(to="litert", int8=True)),
        received="export litert",
    ),
    Case(
        "R590",
        ("expect", "onnx_flips"),
        {"expect": {"onnx_flips": "<= 0"}, **after(export(to="onnx"), export(to="litert", check=True))},
        {"expect": {"onnx_flips": "<= 0"}, **after(export(to="onnx", check=True))},
        received="onnx_flips",
        severity="warning",
    ),
    Case(
        "R591",
        ("after", 0, "export", "allow_flips"),
        {"expect": {"onnx_flips": "<= 2"}, **after(export(to="onnx", check=True, allow_flips=5))},
        {"expect": {"onnx_flips": "<= 2"}, **after(export(to="onnx", check=True))},
        received="5",
    ),
    Case(
        "R764",
        ("tracking", 1),
        {"tracking": ["mlflow", {"mlflow": {"every": "10 steps"}}]},
        {"tracking": ["tensorboard", {"mlflow": {"every": "10 steps"}}]},
        received="mlflow",
    ),
    Case("R136", ("expect", "seconds"), {"expect": {"seconds": "< 0"}}, {"expect": {"seconds": "< 60"}}),
    Case("R136", ("expect", "memory_mib"), {"expect": {"memory_mib": "<= -1"}}, {"expect": {"memory_mib": "<= 900"}}),
    Case("R134", ("expect", "torch_flips"), {"expect": {"torch_flips": "<= 0"}}, {"expect": {"loss": "<= 9"}}),
]
