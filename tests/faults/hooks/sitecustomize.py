"""Python runs this at its start when the folder is on PYTHONPATH: it makes a fault happen at a chosen moment.

``RECIPE_FAULT`` is one of

* ``torn-event:N``: SIGKILL within the write of the event that has step N,
* ``torn-checkpoint:N``: SIGKILL within the write of the first checkpoint of step N or later,
* ``before-rename:NAME``: SIGKILL when a file of that name is written but not yet in its place,
* ``signal:NUMBER:N``: that signal, right after the event that has step N,
* ``slow-checkpoint``: the first checkpoint takes a minute, and says that it has begun in the file ``begun``,
* ``forgetful``: a run goes on without its optimizer's state,
* ``little-memory``: the machine says that it has 10 pages of memory.
"""

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

_STEPS = re.compile(rb'"event":"steps".*"first_step":(\d+).*"loss":\[([^]]*)\]')
_real_write = os.write


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _last_step(data: bytes) -> int:
    found = _STEPS.search(data)
    return int(found[1]) + found[2].count(b",") if found else -1


def _torn_event(step: int) -> None:
    def write(descriptor: int, data: Any) -> int:
        if _last_step(bytes(data)) >= step:
            _real_write(descriptor, data[: len(data) // 2])
            _die()
        return _real_write(descriptor, data)

    os.write = write


def _signal(number: int, step: int) -> None:
    def write(descriptor: int, data: Any) -> int:
        written = _real_write(descriptor, data)
        if _last_step(bytes(data)) >= step:
            os.write = _real_write
            os.kill(os.getpid(), number)
        return written

    os.write = write


def _torn_checkpoint(step: int) -> None:
    import safetensors.numpy as safetensors

    real = safetensors.save_file

    def save_file(arrays: Any, path: Path, metadata: Any) -> None:
        if int(re.findall(r"step-(\d+)", path.name)[0]) < step:
            return real(arrays, path, metadata)
        data = safetensors.save(arrays, metadata)
        # safetensors writes to a file of such a name first, and we to the other
        for half in (path.with_name(".tmpAb3xYz"), path):
            half.write_bytes(data[: len(data) // 2])
        return _die()

    safetensors.save_file = save_file


def _before_rename(name: str) -> None:
    def audit(event: str, arguments: Any) -> None:
        if event == "os.rename" and Path(os.fspath(arguments[1])).name == name:
            _die()

    sys.addaudithook(audit)


def _slow_checkpoint() -> None:
    import safetensors.numpy as safetensors

    def save_file(*_: Any) -> None:
        Path("begun").touch()
        time.sleep(60)

    safetensors.save_file = save_file


def _forgetful() -> None:
    from dataclasses import replace

    import runner.record.checkpoint as module

    real = module.newest_checkpoint

    def newest_checkpoint(folder: Path) -> Any:
        checkpoint, broken = real(folder)
        if checkpoint is None:
            return checkpoint, broken
        arrays = {k: v * 0 if k.startswith("optimizer.") else v for k, v in checkpoint.arrays.items()}
        return replace(checkpoint, arrays=arrays), broken

    module.newest_checkpoint = newest_checkpoint


def _little_memory() -> None:
    real = os.sysconf
    os.sysconf = lambda name: 10 if name == "SC_PHYS_PAGES" else real(name)


match os.environ.get("RECIPE_FAULT", "").split(":"):
    case ["torn-event", step]:
        _torn_event(int(step))
    case ["torn-checkpoint", step]:
        _torn_checkpoint(int(step))
    case ["before-rename", name]:
        _before_rename(name)
    case ["signal", number, step]:
        _signal(int(number), int(step))
    case ["slow-checkpoint"]:
        _slow_checkpoint()
    case ["little-memory"]:
        _little_memory()
    case ["forgetful"]:
        _forgetful()
    case _:
        pass
