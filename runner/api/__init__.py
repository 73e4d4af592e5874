"""The program as a library: what the verbs do, from Python, with the same objects.

A recipe is read once and planned for the data of this machine; the plan's curves are those that train:

>>> from runner.api import load, plan
>>> recipe = load("iris_cyclic", sets={"training.epochs": 20})
>>> planned = plan(recipe)
>>> planned.steps
120
>>> [round(float(rate), 3) for rate in planned.schedule.evaluate([0, 10])["learning_rate"]]
[0.001, 0.034]

``run(recipe, emit=print)`` trains it and hands every event to ``emit`` as it happens; ``events(result.run_dir)`` reads
them back. Nothing is printed. What cannot be done raises a :class:`runner.errors.RecipeError` with its ``help``.
"""

import sys

from runner.api.recipes import load, plan, repeats
from runner.api.results import Name, Result, Swept
from runner.api.searching import bisect, sweep
from runner.api.training import live_table, resume, run, stream
from runner.api.using import evaluate, events, find_lr, predict, tag
from runner.api.writing import generate, generator
from runner.plan.plan import Plan
from runner.source.load import Loaded

__all__ = [
    "Loaded", "Name", "Plan", "Result", "Swept", "bisect", "evaluate", "events", "find_lr", "generate", "generator",
    "live_table", "load", "plan", "predict", "repeats", "resume", "run", "stream", "sweep", "tag",
]  # fmt: skip

if "IPython" in sys.modules:
    from runner.notebook import register_html

    register_html()
