"""Checks whether TensorFlow starts and computes, and on which device."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from runner.doctor.finding import Finding
from runner.hardware.gpu import System, cards, cuda_packages, driver, why_no_gpu

SECONDS = 120
"""Maximum time for TensorFlow to start."""
_LAST_LINES = 5


def tensorflow(system: System | None = None) -> Iterator[Finding]:
    """Start TensorFlow in a child process and report its device, and why it is not a GPU."""
    seen = _probe()
    if isinstance(seen, Finding):
        yield seen
        return
    versions = f"{seen['tensorflow']} with Keras {seen['keras']}, imported in {seen['seconds']:.1f} s"
    if seen["backend"] != "tensorflow":
        way_out = ("unset KERAS_BACKEND, or fix ~/.keras/keras.json",)
        yield Finding("tensorflow", f"Keras uses {seen['backend']} instead of TensorFlow", "error", way_out, seen)
    elif not seen["computes"]:
        yield Finding("tensorflow", f"{versions}, but 2 x 2 is not 4", "error", ("make install",), seen)
    else:
        yield Finding("tensorflow", f"{versions}; it computes correctly", facts=seen)
    yield from gpu(seen, system or System())


def gpu(seen: dict[str, Any], system: System) -> Iterator[Finding]:
    """Check the GPUs that TensorFlow sees, the driver and the CUDA libraries.

    Args:
        seen: the output of the child process.
        system: where to look for driver and libraries.
    """
    loaded, libraries = driver(system), cuda_packages(system)
    there = {name: found for name, found in libraries.items() if found is not None}
    facts = {"gpus": seen["gpus"], "driver": loaded, "libraries": libraries}
    if seen["gpus"]:
        yield Finding("gpu", ", ".join(seen["gpus"]), facts=facts)
    else:
        none = why_no_gpu(seen["built_with_cuda"], system)
        # no NVIDIA hardware is not a fault
        idle = loaded is not None or cards(system) > 0
        yield Finding("gpu", f"none in use: {none.reason}", "warning" if idle else "ok", none.help, facts)
    built = f"TensorFlow is built for CUDA {seen['cuda']}" if seen["built_with_cuda"] else "built without CUDA"
    yield Finding("gpu", f"driver {loaded or 'none'}; {len(there)} of {len(libraries)} CUDA libraries; {built}")


def _probe() -> dict[str, Any] | Finding:
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ}
    command = [sys.executable, "-m", "runner.doctor.probe"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Finding("tensorflow", f"did not start within {SECONDS} seconds", "error", ("make install",))
    if done.returncode != 0:
        return _broken(done.returncode, done.stderr)
    seen = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(seen, dict)
    return seen


def _broken(code: int, stderr: str) -> Finding:
    if code == -signal.SIGILL:
        way_out = ("TensorFlow's wheels need a processor with AVX; see `cpu`",)
        return Finding("tensorflow", "uses instructions that this processor does not support", "error", way_out)
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    ways_out = ("make install",) if backend == "tensorflow" else ("unset KERAS_BACKEND",)
    last = [line.strip() for line in stderr.splitlines() if line.strip()][-_LAST_LINES:]
    ended = f"signal {-code}" if code < 0 else f"exit code {code}"
    return Finding("tensorflow", f"does not start ({ended}): {last[-1] if last else ''}", "error", (*ways_out, *last))
