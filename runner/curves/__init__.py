"""Learning rate and momentum as pure functions of the step on NumPy arrays.

A curve maps step numbers to values and keeps no state. The docstring of each function gives its formula, symbols and
boundary behaviour.
"""

from runner.curves.constant import constant
from runner.curves.cosine import cosine
from runner.curves.cosine_restarts import cosine_restarts, period_at, period_start
from runner.curves.cyclic import cyclic
from runner.curves.exponential import exponential
from runner.curves.inverse_sqrt import inverse_sqrt
from runner.curves.one_cycle import one_cycle, one_cycle_momentum
from runner.curves.piecewise import piecewise
from runner.curves.plateau import scaled
from runner.curves.plateau_rule import PlateauDecision, PlateauRule, PlateauState
from runner.curves.polynomial import linear, polynomial
from runner.curves.power import power
from runner.curves.segments import Segment, segments
from runner.curves.types import Curve, Shape, Steps, Values
from runner.curves.warmup import warmup
from runner.curves.wsd import wsd

__all__ = [
    "Curve",
    "PlateauDecision",
    "PlateauRule",
    "PlateauState",
    "Segment",
    "Shape",
    "Steps",
    "Values",
    "constant",
    "cosine",
    "cosine_restarts",
    "cyclic",
    "exponential",
    "inverse_sqrt",
    "linear",
    "one_cycle",
    "one_cycle_momentum",
    "period_at",
    "period_start",
    "piecewise",
    "polynomial",
    "power",
    "scaled",
    "segments",
    "warmup",
    "wsd",
]
