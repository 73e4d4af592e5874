"""How long checkpoints of a large model hold up its training.

``python -m tests.benchmarks.saving NAME UNITS`` prints one JSON object: seconds of so many steps, with and without
checkpoints among them.
"""

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.workload import plan_for

UNITS = 9_600
"""Of two hidden layers, which with their images make 100 million weights."""
STEPS, EVERY = 40, 10


def trained(units: int, *, saves: bool) -> dict[str, Any]:
    """Seconds of the steps after the first epoch."""
    from tests.benchmarks.contestants import Clock, _trainer

    hidden = {"kind": "dense", "units": units, "activation": "relu"}
    model = {"kind": "sequential", "layers": [{"kind": "flatten"}, hidden, hidden]}
    training = {"epochs": 2, "checkpoint": f"{EVERY} steps"}
    plan = plan_for("batch 16", 2, 16 * STEPS, model=model, training=training)
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        from runner.engine.loop.checkpoint_saver import PeriodicSaver

        trainer = _trainer(plan, clock, PeriodicSaver(Path(folder, "checkpoints"), plan) if saves else None)
        trainer.run()
        last = time.perf_counter()
    return {"seconds": [clock.ends[1] - clock.ends[0]], "last": last - clock.ends[1]}


def main() -> None:
    """Train and print what it took."""
    name, units = sys.argv[1:]
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    found = trained(int(units), saves=name == "saves")
    print(json.dumps({**found, "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
