"""Optimizers of custom code: what is taken, and what is told of those that could not train as planned."""

from pathlib import Path
from typing import Any

import pytest

from runner.data.facts import DataFacts
from runner.errors import BuildError
from runner.model.own_optimizer import require_optimizer
from runner.plan.allow_code import with_code
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from schemas.optimizer import optimizers
from schemas.recipe import Recipe
from tests.engine.problem import BASE

MINE = """
import itertools
import random
import keras
import numpy as np
import tensorflow as tf

COUNT = itertools.count()

class Lion(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=1e-3, beta_1=0.9, beta_2=0.99, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta_1, self.beta_2 = beta_1, beta_2
    def build(self, variables):
        super().build(variables)
        self.momenta = self.add_optimizer_variables(variables, "momentum")
    def update_step(self, gradient, variable, learning_rate):
        m = self.momenta[self._get_variable_index(variable)]
        variable.assign_sub(learning_rate * tf.sign(self.beta_1 * m + (1 - self.beta_1) * gradient))
        m.assign(self.beta_2 * m + (1 - self.beta_2) * gradient)

def made(learning_rate, beta_2): return Lion(learning_rate, beta_2=beta_2)
def wrong(learning_rate): return 3
def fails(learning_rate): raise RuntimeError("it is broken")
def wrapped(learning_rate): return keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(learning_rate))
def clips(learning_rate): return Lion(learning_rate, clipnorm=1.0)
def scheduled(learning_rate):
    return keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(learning_rate, 10, 0.9))
VALUE = 7

class Ratless(keras.optimizers.Optimizer):
    def __init__(self, **kwargs): super().__init__(learning_rate=0.1)

class NoRate(keras.optimizers.SGD):
    def __init__(self, beta=0.5): super().__init__(0.1)

class Fixed(Lion):  # baked in
    def update_step(self, gradient, variable, learning_rate): variable.assign_sub(0.1 * gradient)

class Copied(Lion):  # reads a copy of its momentum
    def __init__(self, beta_1, **kwargs):
        super().__init__(beta_1=beta_1, **kwargs)
        self.copied = beta_1
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * self.copied * gradient)

class Hidden(Lion):
    def __init__(self, learning_rate, beta_1):
        super().__init__(learning_rate)
        del self.beta_1
        self.secret = beta_1

class OwnDecay(Lion):  # decays by the number itself
    def _apply_weight_decay(self, variables): pass
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * (gradient + self.weight_decay * variable))

class Counts(Lion):
    def build(self, variables):
        super().build(variables)
        self.steps = 0
    def update_step(self, gradient, variable, learning_rate):
        self.steps += 1
        variable.assign_sub(learning_rate * gradient)

class Remembers(Counts):
    def build(self, variables):
        super().build(variables)
        self.seen = {"steps": []}
    def update_step(self, gradient, variable, learning_rate):
        self.seen["steps"].append(1)
        variable.assign_sub(learning_rate * gradient)

class Elsewhere(Lion):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * gradient / (1.0 + next(COUNT)))

class Drawn(Lion):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * gradient * random.random())

class Noisy(Lion):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * (gradient + tf.random.normal(variable.shape)))

class Seeded(Lion):
    def update_step(self, gradient, variable, learning_rate):
        seed = tf.stack([tf.cast(self.iterations, tf.int64), 5])
        variable.assign_sub(learning_rate * (gradient + tf.random.stateless_normal(variable.shape, seed)))

class Untracked(Lion):
    def build(self, variables):
        super().build(variables)
        self.total = tf.Variable(0.0, name="total")
    def update_step(self, gradient, variable, learning_rate):
        self.total.assign_add(1.0)
        variable.assign_sub(learning_rate * gradient / self.total)

class Late(Lion):
    def update_step(self, gradient, variable, learning_rate):
        if not hasattr(self, "late"):
            self.late = self.add_variable((), name="late")
        variable.assign_sub(learning_rate * gradient)

class Python(Lion):
    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * tf.numpy_function(np.sign, [gradient], tf.float32))

class Raises(Lion):
    def update_step(self, gradient, variable, learning_rate): raise ValueError("no such thing")

class Whole(Lion):  # does without update_step
    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        for gradient, variable in zip(grads, trainable_variables):
            variable.assign_sub(learning_rate * gradient)

class Tenth(Lion):  # acts every tenth step
    def update_step(self, gradient, variable, learning_rate):
        def act():
            variable.assign_sub(learning_rate * gradient)
            return True
        tf.cond(self.iterations % 10 == 9, act, lambda: False)

class Branches(Lion):  # Keras' apply is traced without AutoGraph
    def update_step(self, gradient, variable, learning_rate):
        if self.iterations % 10 == 9:
            variable.assign_sub(learning_rate * gradient)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Beside which the code is."""
    made = tmp_path_factory.mktemp("own")
    (made / "mine_optimizers.py").write_text(MINE)
    return made


def planned(folder: Path, name: str, keys: dict[str, Any] | None = None, **sections: Any) -> Plan:
    optimizer = {"kind": "custom", "target": f"mine_optimizers:{name}", "learning_rate": 0.1, **(keys or {})}
    recipe = Recipe.model_validate({**BASE, "optimizer": optimizer, **sections})
    return with_code(make_plan(recipe, DataFacts("builtin", "made", "1", 75, 20, 0, (4,), 3, 4)), folder)


BETA = {"momentum": 0.8, "momentum_argument": "beta_1"}
DECAY = {"kind": "constant", "learning_rate": 0.1, "weight_decay": 0.2}
GROUPS = {
    "model": {"kind": "sequential", "layers": [{"kind": "dense", "units": 5, "name": "hidden"}]},
    "groups": {"base": {"layers": ["hidden"], "factor": 0.1}},
}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Lion", {"slots": 1, "weight_decay": 0.1, **BETA}),
        ("made", {"arguments": {"beta_2": 0.9}}),
        ("Seeded", {}),
        ("Tenth", {}),
    ],
)
def test_what_follows_its_schedule_is_taken(folder: Path, name: str, keys: dict[str, Any]) -> None:
    require_optimizer(planned(folder, name, keys))


@pytest.mark.parametrize("kind", optimizers())
def test_every_optimizer_of_keras_would_be_taken_as_ones_own(folder: Path, kind: str) -> None:
    name = optimizers()[kind].keras_class
    (folder / "mine_keras.py").write_text("from keras.optimizers import *\n")
    require_optimizer(planned(folder, name, {"target": f"mine_keras:{name}"}, **GROUPS))


@pytest.mark.parametrize(
    ("name", "keys", "says"),
    [
        ("VALUE", {}, "must be a class or a function; received a value of type int"),
        ("wrong", {}, "must give a keras.optimizers.Optimizer; received a value of type int"),
        ("fails", {}, "RuntimeError: it is broken"),
        ("Loin", {}, "did you mean 'Lion'"),
        ("Lion", {"arguments": {"beta": 0.9}}, "beta"),
        ("NoRate", {}, "unexpected keyword argument 'learning_rate'; it must take learning_rate"),
        ("wrapped", {}, "gives a LossScaleOptimizer, which wraps others"),
        ("scheduled", {}, "its learning rate is no variable"),
        ("clips", {}, "sets clipnorm, which is the recipe's: leave it out and write training.clip.norm"),
        ("Fixed", {}, "the learning rate does not act"),
        ("Copied", BETA, "momentum does not act: update_step must read self.beta_1"),
        ("Hidden", BETA, "optimizer.momentum is written, but it has no attribute 'beta_1'"),
        ("Counts", {}, "its update assigns steps in Python"),
        ("Remembers", {}, "its update assigns seen in Python"),
        ("Elsewhere", {}, "differs each time it is traced"),
        ("Drawn", {}, "differs each time it is traced"),
        ("Noisy", {}, r"draws random numbers \(RandomStandardNormal\)"),
        ("Untracked", {}, r"writes a variable \(total:0\) that is none of optimizer.variables"),
        ("Late", {}, "makes variables in its update"),
        ("Python", {}, "calls Python at every step"),
        ("Raises", {}, "ValueError: no such thing"),
        ("Branches", {}, "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed"),
        ("Lion", {"slots": 0}, "keeps 1 numbers for each weight; optimizer.slots says 0"),
    ],
)
def test_what_would_not_train_as_planned_is_told_at_its_target(
    folder: Path, name: str, keys: dict[str, Any], says: str
) -> None:
    with pytest.raises(BuildError, match=says) as raised:
        require_optimizer(planned(folder, name, keys))
    assert (raised.value.code, raised.value.place) == ("R207", ("optimizer", "target"))


def test_a_driven_weight_decay_must_be_keras_own(folder: Path) -> None:
    decayed = {"learning_rate": None, "weight_decay": 0.1}
    require_optimizer(planned(folder, "Lion", decayed, schedule=DECAY))
    with pytest.raises(BuildError, match="the scheduled weight decay does not act"):
        require_optimizer(planned(folder, "OwnDecay", decayed, schedule=DECAY))


def test_groups_want_an_update_of_each_variable_by_the_rate_it_gets(folder: Path) -> None:
    require_optimizer(planned(folder, "Lion", **GROUPS))
    require_optimizer(planned(folder, "Whole"))
    with pytest.raises(BuildError, match="groups cannot multiply its learning rate"):
        require_optimizer(planned(folder, "Whole", **GROUPS))
