"""Python runs this at its start when the folder is on PYTHONPATH: it makes a fault happen at a chosen moment.

``RECIPE_FAULT`` is one of

* ``torn-event:N``: SIGKILL within the write of the event that has step N,
* ``torn-checkpoint:N``: SIGKILL within the write of the first checkpoint of step N or later,
* ``before-rename:NAME``: SIGKILL when a file of that name is written but not yet in its place,
* ``signal:NUMBER:N``: that signal, right after the event that has step N,
* ``slow-checkpoint``: the first checkpoint takes an hour, and says that it has begun in the file ``begun``,
* ``slow-import:MODULE``: that import takes an hour, and says that it has begun in the file ``begun``,
* ``torn-sweep:N:SECONDS``: SIGKILL so long after the N-th line of this process in the journal of a sweep,
* ``forgetful``: a run goes on without its optimizer's state,
* ``little-memory``: the machine says that it has 10 pages of memory.
"""

import os
import re
import signal
import sys
import threading
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


def _stay() -> None:
    """Say where the process is, and stay there for longer than any test waits."""
    Path("begun").touch()
    time.sleep(3600)


def _slow_import(module: str) -> None:
    class Slow:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == module:
                _stay()

    sys.meta_path.insert(0, Slow())  # type: ignore[arg-type]


def _torn_sweep(lines: int, seconds: float) -> None:
    left, real = lines, os.fsync

    def fsync(descriptor: int) -> None:
        nonlocal left
        real(descriptor)
        left -= os.readlink(f"/proc/self/fd/{descriptor}").endswith("/journal.jsonl")
        if left <= 0:
            os.fsync = real
            threading.Timer(seconds, _die).start()

    os.fsync = fsync


def _slow_checkpoint() -> None:
    import runner.record.checkpoint as module

    def write_tensors(*_: Any) -> dict[str, str]:
        _stay()
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
    case ["slow-import", module]:
        _slow_import(module)
    case ["torn-sweep", lines, seconds]:
        _torn_sweep(int(lines), float(seconds))
    case ["slow-checkpoint"]:
        _slow_checkpoint()
    case ["little-memory"]:
        _little_memory()
    case ["forgetful"]:
        _forgetful()
    case _:
        pass
