"""Streaming from a source that is as slow as the device."""

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from runner.data.examples import Dataset, Examples
from runner.data.placement import Placement, Window
from runner.data.sources.builtin import streamed
from runner.data.streaming.block_order import Range
from runner.plan.plan import Plan
from tests.benchmarks.gpu_check.trained import Trained
from tests.benchmarks.workload import images

_BLOCK = 256


def overlapped(plan: Plan) -> tuple[bool, str]:
    """Seconds an epoch without a delay, and with one for each block that makes reading as slow as computing."""
    alone = _seconds(plan, 0.0)
    blocks = plan.data.train / _BLOCK
    delay = alone / blocks
    both = _seconds(plan, delay)
    hidden = 1 - (both - alone) / (delay * blocks)
    reading = f"{delay * blocks:.2f} s of reading"
    said = f"{alone:.2f} s an epoch, {both:.2f} s with {reading}, {hidden:.0%} of it beside the steps"
    return hidden > 0.5, said


def _seconds(plan: Plan, delay: float) -> float:
    data = images(plan.data.train)
    whole = streamed(data, Placement(Window(_BLOCK, 4), False, 0))

    def read(ranges: Iterator[Range]) -> Iterator[Examples]:
        for start, stop in ranges:
            time.sleep(delay * (stop - start) / _BLOCK)
            yield data.at(slice(start, stop))

    found = Trained(plan, data=Dataset(replace(whole, read=read), None, None)).run()
    return float(np.median(np.diff(found.ends)))
