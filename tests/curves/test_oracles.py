"""Every kind as other libraries compute it: what trains equals their values, to 1e-6, at every step of a run.

``tests/golden/oracles.json`` holds the values of optax, PyTorch and transformers, with their versions and the call that
gave them; ``tests.golden.oracles`` writes it. Ours come by the way that every run takes, recipe → plan → float32.

======================= =========================== ==============================================================
kind                    held to                     where theirs differs, and how the comparison maps it
======================= =========================== ==============================================================
constant                optax, transformers         the same, also behind a warm-up
piecewise               optax, torch MultiStepLR    the same: a boundary's own step has the new value (Keras: the
                                                    old value, see ``test_keras_oracle``)
power                   Keras alone                 see ``test_keras_oracle``; it has c = 1 only
exponential             optax, torch ExponentialLR  the same; torch StepLR, whose factor is that of a stair, also
                                                    for ``every``: asked with the factor of an epoch
linear, polynomial,     optax, torch, transformers  the final value comes at step N and not N−1: asked with N−1
cosine
cosine_restarts         optax, torch, transformers  a period that ends with the run ends a step late: the run ends
                                                    inside a period. torch: no m_mul and whole t_mul
cyclic                  torch CyclicLR              the same, for all modes and with its momentum
inverse_sqrt            transformers                the same: its timescale is ``decay_every``
wsd                     optax joined, transformers  the final value comes at step N: asked with a decay of a step less
1cycle                  torch OneCycleLR            peaks at ⌊pct_start·N⌋−1, is back twice as late: our durations are
                        (three_phase), optax        those steps; momentum and beta_1 the same. optax: as linear
phases                  torch OneCycleLR, optax     two phases, and a chain with a jump
plateau                 torch ReduceLROnPlateau     cuts when wait > patience, ours at ≥; leaves cooldown epochs out,
                                                    ours one less: asked with one less of both
warmup                  optax, transformers         the same: the schedule's first value at the first step after it
======================= =========================== ==============================================================
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.curves import PlateauState, Values
from runner.data.facts import DataFacts
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.recipe import Recipe
from tests.golden.oracle_cases import CASES
from tests.schedule_examples import EXAMPLES

ORACLES: dict[str, Any] = json.loads(Path(__file__).parents[1].joinpath("golden", "oracles.json").read_text("utf-8"))
BATCH = 8


def planned(case: dict[str, Any]) -> Plan:
    recipe = Recipe.model_validate({
        "recipe": 1,
        "name": "oracle",
        "task": "classification",
        "data": {"source": "builtin", "name": "iris", "batch_size": BATCH},
        "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5}]},
        "optimizer": case["optimizer"],
        "schedule": case["schedule"],
        "training": {"epochs": case["epochs"]},
    })  # fmt: skip
    return make_plan(recipe, DataFacts("builtin", "made", "1", BATCH * case["steps_per_epoch"], 20, 0, (4,), 3))


def scales(plan: Plan, case: dict[str, Any]) -> list[float]:
    """The plateau's scale in each epoch, when the monitor has the case's values."""
    state, found = PlateauState(), []
    for epoch, value in enumerate(case["monitor"]):
        found.append(state.scale)
        rates = plan.schedule.evaluate([epoch * plan.steps_per_epoch], scale=state.scale)["learning_rate"]
        assert plan.schedule.plateau is not None
        state = state.update(plan.schedule.plateau, value, float(rates[0])).state
    return found or [1.0] * plan.epochs


def trained(case: dict[str, Any]) -> tuple[Values, Values | None]:
    """Learning rate and momentum at each step."""
    plan = planned(case)
    steps = np.arange(plan.steps).reshape(plan.epochs, plan.steps_per_epoch)
    parts = [plan.schedule.evaluate(epoch, scale=scale) for epoch, scale in zip(steps, scales(plan, case), strict=True)]
    momenta = [part["momentum"] for part in parts if "momentum" in part]
    return np.concatenate([part["learning_rate"] for part in parts]), np.concatenate(momenta) if momenta else None


@pytest.mark.parametrize("name", ORACLES)
def test_trains_with_the_learning_rate_and_the_momentum_of_the_oracle(name: str) -> None:
    case = ORACLES[name]
    rates, momenta = trained(case)
    np.testing.assert_allclose(rates, case["learning_rate"], rtol=1e-6, atol=1e-9)
    if case["momentum"] is not None:
        assert momenta is not None
        np.testing.assert_allclose(momenta, case["momentum"], rtol=1e-6)


def test_the_plateau_of_the_oracle_cuts_rests_and_reaches_its_floor() -> None:
    assert sorted(set(ORACLES["plateau"]["learning_rate"])) == [0.02, 0.025, 0.05, 0.1]


def test_every_kind_but_power_has_an_oracle() -> None:
    assert set(EXAMPLES) - {case["schedule"]["kind"] for case in ORACLES.values()} == {"power"}


@pytest.mark.parametrize("name", CASES)
def test_the_file_answers_the_cases_as_they_are_written(name: str) -> None:
    asked = json.loads(json.dumps(CASES[name].keys))
    assert {key: ORACLES[name][key] for key in asked} == asked
