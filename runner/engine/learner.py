"""The plan's model, optimizer, loss and metrics, ready to train."""

import keras
import numpy as np

from runner.build.arrays import Dataset
from runner.build.losses import make_loss, make_metric
from runner.build.model import build_model
from runner.build.optimizer import build_optimizer
from runner.build.scaling import scaling_layer
from runner.engine.steps import Learner
from runner.plan.plan import Plan


def make_learner(plan: Plan, dataset: Dataset) -> Learner:
    """Build everything that trains, with fresh weights and slots; the recipe's seed alone decides the weights.

    Raises:
        BuildError: when Keras does not accept a layer.
    """
    keras.utils.set_random_seed(plan.recipe.seed)
    model = build_model(plan.layers, plan.data.shape, plan.recipe.name, scaling_layer(plan.scale, dataset.train.x))
    rates, _ = plan.schedule.evaluate(np.zeros(1, dtype=np.int64))
    built = build_optimizer(plan.recipe.optimizer, float(rates[0]))
    built.optimizer.build(model.trainable_variables)
    return Learner(
        model,
        built,
        make_loss(plan.loss),
        tuple(make_metric(metric) for metric in plan.metrics),
    )
