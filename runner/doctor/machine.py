"""Processor, memory, disk and terminal."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from runner.doctor.finding import Finding
from runner.hardware.gpu import System
from runner.plan.capacity import machine_memory
from runner.plan.memory import human
from runner.record.directory import RUNS
from runner.record.environment import VARIABLES
from runner.record.handles import list_runs

_FEATURES = ("avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")
_LEAST_FREE = 1 << 30


def cpu(system: System) -> Iterator[Finding]:
    """Check processor, threads, memory, and settings that change TensorFlow's results."""
    info = _cpuinfo(system)
    flags = info.get("flags", info.get("Features", "")).split()
    known = [name for name in _FEATURES if name in flags]
    name = info.get("model name", platform.processor() or platform.machine())
    x86 = platform.machine() in ("x86_64", "AMD64")
    facts = {"name": name, "features": known, "threads": threads(), "cores": os.cpu_count()}
    if x86 and flags and "avx" not in flags:
        way_out = ("TensorFlow's wheels require AVX: use another machine, or build TensorFlow from source",)
        yield Finding("cpu", f"{name} has no AVX", "error", way_out, facts)
    else:
        yield Finding(
            "cpu", f"{name}, {threads()} of {os.cpu_count()} threads, {' '.join(known)}".rstrip(", "), facts=facts
        )
    yield Finding("memory", human(machine_memory()), facts={"bytes": machine_memory()})
    yield _onednn(system)


def threads() -> int:
    """Number of hardware threads that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _onednn(system: System) -> Finding:
    value = system.variable("TF_ENABLE_ONEDNN_OPTS")
    setting = "TensorFlow's default (on)" if value is None else f"TF_ENABLE_ONEDNN_OPTS={value}"
    found = {name: text for name in VARIABLES if (text := system.variable(name)) is not None}
    others = [f"{name}={text}" for name, text in found.items() if name != "TF_ENABLE_ONEDNN_OPTS"]
    return Finding("onednn", "; ".join([f"{setting}; it affects results", *others]), facts=found)


def _cpuinfo(system: System) -> dict[str, str]:
    try:
        lines = (system.root / "proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    pairs = [line.partition(":") for line in lines if ":" in line]
    return {key.strip(): value.strip() for key, _, value in reversed(pairs)}


def disk(runs: Path = RUNS) -> Finding:
    """Check the disk space for runs, and report how much existing runs use."""
    place = next(folder for folder in (runs.absolute(), *runs.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    count = len(list_runs(runs))
    taken = sum(path.lstat().st_size for path in runs.rglob("*") if path.is_file())
    text = f"{human(free)} free for {runs}/; {count} existing run{' uses' if count == 1 else 's use'} {human(taken)}"
    facts = {"free": free, "runs": count, "taken": taken}
    if not os.access(place, os.W_OK):
        return Finding(
            "disk", f"{place} cannot be written", "warning", ("use --run-dir to name another directory",), facts
        )
    if free < _LEAST_FREE:
        return Finding("disk", text, "warning", ("free some space: to delete a run, delete its folder",), facts)
    return Finding("disk", text, facts=facts)


def terminal(system: System) -> Finding:
    """Check the terminal: the live table needs cursor movement and Unicode."""
    stream, kind = sys.stderr, system.variable("TERM") or ""
    encoding = (stream.encoding or "ascii").lower()
    unicode = encoding.replace("-", "").startswith("utf")
    width = shutil.get_terminal_size().columns
    facts = {"terminal": stream.isatty(), "term": kind, "encoding": encoding, "columns": width}
    if not stream.isatty():
        return Finding("terminal", f"stderr is not a terminal: one plain line per epoch; {encoding}", facts=facts)
    color = "no colours (NO_COLOR)" if system.variable("NO_COLOR") else "colours"
    display = f"{kind or 'TERM is not set'}, {width} columns, {encoding}, {color}"
    if not unicode:
        return Finding(
            "terminal", f"{display}: plain lines", "warning", ("set PYTHONUTF8=1, or use a UTF-8 locale",), facts
        )
    if kind in ("", "dumb", "unknown"):
        return Finding("terminal", f"{display}: plain lines", "warning", ("export TERM=xterm-256color",), facts)
    return Finding("terminal", f"{display}: live table", facts=facts)
