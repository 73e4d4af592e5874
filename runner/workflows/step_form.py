"""In which form a run computes its steps, a batch whole or in parts side by side: recorded, tried here, or by rule."""

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from runner.plan.plan import Plan
from runner.plan.step_work import least_seconds
from runner.plan.threads import other_parts, threads_for, usual_parts
from runner.record.tried_forms import Tried, keep, tried_before

CLEARLY = 0.9
"""Times the usual form's seconds, below which the other form is chosen."""
LEAST_SECONDS = 60.0
"""Estimated length of a run that is worth a trial, which takes one to two seconds."""


def with_recorded_form(plan: Plan, lock: Mapping[str, Any]) -> Plan:
    """The plan of a run that goes on, or is trained again: its lock says into how many parts a batch is divided.

    Args:
        plan: of the run's recipe.
        lock: of the run; empty if it was stopped before it was recorded.
    """
    parts = (lock.get("computation") or {}).get("parts")
    return plan if parts is None else replace(plan, parts=parts)


def with_tried_form(plan: Plan) -> Plan:
    """The plan with the form that was faster when it was tried here; as it is where none was tried, or a lock rules."""
    if plan.parts is not None or (other := other_parts(plan)) is None:
        return plan
    found = tried_before(plan)
    return plan if found is None else replace(plan, parts=_faster(plan, other, found), parts_tried=True)


def with_faster_form(plan: Plan, tell: Callable[[str], None]) -> Plan:
    """The same, after a trial where one is worth its time and has not been made here.

    A trial forks this process: nothing may have started TensorFlow in it, nor another thread.

    Args:
        plan: of a run that begins.
        tell: is told what is tried, and what came of it.
    """
    known = with_tried_form(plan)
    if known.parts is not None or (other := other_parts(plan)) is None or not _worth_a_trial(plan):
        return known
    from runner.engine.loop.form_trial import TrialFailed, seconds_a_step

    forms = {parts: threads_for(replace(plan, parts=parts)) for parts in (usual_parts(plan), other)}
    tell("trying a step with the batch whole and in parts")
    try:
        found = Tried(dict(zip(forms, seconds_a_step(plan, list(forms.values())), strict=True)))
    except TrialFailed as error:
        tell(f"not tried: {error}; the batch is computed {_said(usual_parts(plan))}, as is usual")
        return plan
    chosen = _faster(plan, other, found)
    taken = ", ".join(f"{_said(parts)} {1000 * seconds:.3g} ms" for parts, seconds in found.seconds.items())
    tell(f"a step takes with the batch {taken}: it is computed {_said(chosen)}")
    keep(plan, found, tell)
    return replace(plan, parts=chosen, parts_tried=True)


def _faster(plan: Plan, other: int, tried: Tried) -> int:
    """The other form if it is clearly faster, else the usual one."""
    usual = usual_parts(plan)
    seconds = tried.seconds
    known = usual in seconds and other in seconds
    return other if known and seconds[other] < CLEARLY * seconds[usual] else usual


def _said(parts: int) -> str:
    return "whole" if parts == 1 else f"in {parts} parts"


def _worth_a_trial(plan: Plan) -> bool:
    """Whether this process can be forked, and the run is long; TensorFlow is imported if that is so."""
    alone = "tensorflow" not in sys.modules and threading.active_count() == 1
    if sys.platform != "linux" or not alone or plan.code is not None or least_seconds(plan) < LEAST_SECONDS:
        return False
    from runner.engine.start import import_tensorflow, sees_gpu

    import_tensorflow(own_code=False)
    return plan.recipe.hardware.device == "cpu" or not sees_gpu()
