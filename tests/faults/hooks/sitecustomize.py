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
    import runner.record.checkpoint as module

    real = module.write_tensors

    def write_tensors(path: Path, *taken: Any) -> dict[str, str]:
        written = real(path, *taken)
        if int(re.findall(r"step-(\d+)", path.name)[0]) < step:
            return written
        os.truncate(path, path.stat().st_size // 2)
        # safetensors, by which other files are written, begins with a file of such a name
        path.with_name(".tmpAb3xYz").write_bytes(path.read_bytes())
        return _die()

    module.write_tensors = write_tensors


def _before_rename(name: str) -> None:
    def audit(event: str, arguments: Any) -> None:
        if event == "os.rename" and Path(os.fspath(arguments[1])).name == name:
            _die()

    sys.addaudithook(audit)


def _slow_checkpoint() -> None:
    import runner.record.checkpoint as module

    def write_tensors(*_: Any) -> dict[str, str]:
        Path("begun").touch()
        time.sleep(60)
        return {}

    module.write_tensors = write_tensors


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
