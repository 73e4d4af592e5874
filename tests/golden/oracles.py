"""Schedules as other libraries compute them: writes ``oracles.json``, which the tests hold ours to.

By hand, and only when a case is added, since neither the project nor its tests have these libraries::

    python -m venv /tmp/oracles
    /tmp/oracles/bin/pip install optax torch transformers
    /tmp/oracles/bin/python -m tests.golden.oracles

Values have nine digits; optax computes in float64 here, as PyTorch's schedulers do.
"""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import optax
import torch
import transformers
from torch.optim import lr_scheduler

from tests.golden.oracle_cases import CASES, Case

FILE = Path(__file__).with_name("oracles.json")
LIBRARIES = {"optax": optax.__version__, "torch": torch.__version__, "transformers": transformers.__version__}


def sgd(learning_rate: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate, momentum=0.9)


def adam(learning_rate: float) -> torch.optim.Optimizer:
    return torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate)


NAMES = {
    "optax": optax,
    "torch": SimpleNamespace(**vars(lr_scheduler)),
    "transformers": transformers,
    "sgd": sgd,
    "adam": adam,
    "range": range,
    "dict": dict,
}


def answered(case: Case) -> dict[str, list[float] | None]:
    """Learning rate and momentum at each step; no momentum where the oracle has no optimizer."""
    schedule = eval(case.call, NAMES)
    steps = case.epochs * case.steps_per_epoch
    if not hasattr(schedule, "optimizer"):
        return {"learning_rate": rounded(schedule(step) for step in range(steps)), "momentum": None}
    rates, momenta = [], []
    for step in range(steps):
        group = schedule.optimizer.param_groups[0]
        rates.append(group["lr"])
        momenta.append(group["betas"][0] if "betas" in group else group["momentum"])
        schedule.optimizer.step()
        advance(schedule, case, step)
    return {"learning_rate": rounded(rates), "momentum": rounded(momenta)}


def advance(schedule: Any, case: Case, step: int) -> None:
    epoch, position = divmod(step, case.steps_per_epoch)
    if not case.monitor:
        schedule.step()
    elif position == case.steps_per_epoch - 1:
        schedule.step(case.monitor[epoch])


def rounded(values: Any) -> list[float]:
    return [float(f"{float(value):.9g}") for value in values]


def main() -> None:
    jax.config.update("jax_enable_x64", True)
    entries = {}
    for name, case in CASES.items():
        library = case.call.split(".")[0]
        entries[name] = {"oracle": f"{library} {LIBRARIES[library]}", **case.keys, **answered(case)}
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in entries.items()
    )
    FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
