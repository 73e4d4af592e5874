"""Finds out why no GPU is used by inspecting the system, without loading any library."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

INSTALL = "pip install 'recipe-runner[cuda]'"
LEAST_DRIVER = {12: (525, 60, 13), 13: (580, 65, 6)}
"""Oldest Linux driver for each CUDA generation (NVIDIA, CUDA Toolkit release notes)."""
_NVIDIA = "0x10de"
_DISPLAY = "0x03"
_VERSION = re.compile(r"\b(\d{3,}(?:\.\d+)+)\b")

Installed = Callable[[str], str | None]
"""Returns the version of a package; None if it is not installed."""


@dataclass(frozen=True)
class NoGpu:
    """Why no GPU is used, and ways to fix it."""

    reason: str
    help: tuple[str, ...] = ()


@dataclass(frozen=True)
class System:
    """Where to look for files, variables and packages; tests use other places."""

    root: Path = Path("/")
    environment: Mapping[str, str] | None = None
    """None: those of this process."""
    installed: Installed | None = None
    """None: from the metadata of the installed packages."""

    def variable(self, name: str) -> str | None:
        """The value of an environment variable."""
        return (os.environ if self.environment is None else self.environment).get(name)

    def package(self, name: str) -> str | None:
        """The version of a package; None if it is not installed."""
        return (self.installed or installed_version)(name)


def installed_version(name: str) -> str | None:
    """The version of a package from its metadata; None if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def driver(system: System) -> str | None:
    """Version of the loaded NVIDIA driver, ``unknown`` if it cannot be read; None if no driver is loaded."""
    path = system.root / "proc/driver/nvidia/version"
    if path.is_file():
        found = _VERSION.search(path.read_text(encoding="utf-8", errors="replace"))
        return found[1] if found else "unknown"
    # under WSL the driver belongs to Windows
    return "unknown" if (system.root / "usr/lib/wsl/lib/libcuda.so.1").exists() else None


def cards(system: System) -> int:
    """Number of NVIDIA display controllers on the PCI bus, with or without a driver."""
    found = 0
    for device in (system.root / "sys/bus/pci/devices").glob("*"):
        vendor, kind = (_line(device / name) for name in ("vendor", "class"))
        found += vendor == _NVIDIA and kind.startswith(_DISPLAY)
    return found


def cuda_packages(system: System) -> dict[str, str | None]:
    """The CUDA libraries that TensorFlow's metadata requires, with their installed versions."""
    wanted = [line for line in _requirements() if "and-cuda" in line]
    names = [re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in wanted]
    return {name: system.package(name) for name in names}


def why_no_gpu(built_with_cuda: bool, system: System | None = None) -> NoGpu:
    """The first obstacle, in the order in which they must be fixed.

    Args:
        built_with_cuda: whether the installed TensorFlow is built with CUDA.
        system: where to look.
    """
    system = system or System()
    hidden, loaded = _hidden(system), driver(system)
    if hidden is not None:
        return hidden
    if loaded is None:
        return _without_driver(system)
    least = LEAST_DRIVER[_cuda(system)]
    wanted = ".".join(map(str, least))
    if loaded != "unknown" and tuple(map(int, loaded.split("."))) < least:
        return NoGpu(f"the NVIDIA driver {loaded} is too old", (f"install driver {wanted} or later",))
    if not _nodes(system):
        return NoGpu(
            "the NVIDIA driver is loaded, but this container or user sees no device",
            ("start the container with its GPUs: docker run --gpus all …, or --nv with Apptainer",),
        )
    if not built_with_cuda:
        return NoGpu("this TensorFlow is built without CUDA", (f"{INSTALL}, on Linux",))
    missing = [name for name, found in cuda_packages(system).items() if found is None]
    if missing:
        return NoGpu(f"the CUDA libraries are missing: {', '.join(missing)}", (INSTALL,))
    return NoGpu(
        "the driver and the CUDA libraries are installed, but TensorFlow cannot use them",
        (
            "TF_CPP_MIN_LOG_LEVEL=0 python -m runner.doctor.probe shows its messages",
            "check LD_LIBRARY_PATH for other CUDA libraries",
        ),
    )


def _hidden(system: System) -> NoGpu | None:
    for name in ("CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES"):
        value = system.variable(name)
        hides = {"CUDA_VISIBLE_DEVICES": ("", "-1"), "NVIDIA_VISIBLE_DEVICES": ("none", "void")}[name]
        if value is not None and value.strip() in hides:
            return NoGpu(f"GPUs are hidden by {name}={value!r}", (f"unset {name}",))
    return None


def _without_driver(system: System) -> NoGpu:
    wanted = ".".join(map(str, LEAST_DRIVER[_cuda(system)]))
    seen = cards(system)
    if not seen:
        return NoGpu(
            "no NVIDIA driver is loaded",
            (f"no NVIDIA card is on the PCI bus; it would need driver {wanted} or later, and {INSTALL}",),
        )
    return NoGpu(
        f"no NVIDIA driver is loaded, although there {'is a card' if seen == 1 else f'are {seen} cards'}",
        (f"install the NVIDIA driver, {wanted} or later", f"then {INSTALL}"),
    )


def _nodes(system: System) -> bool:
    """Whether the device files that a process opens exist."""
    folder = system.root / "dev"
    return any(folder.glob("nvidia[0-9]*")) or (folder / "dxg").exists()


def _cuda(system: System) -> int:
    """CUDA generation, from the names of the libraries that TensorFlow requires."""
    found = [int(name.rpartition("-cu")[2]) for name in cuda_packages(system) if re.search(r"-cu\d+$", name)]
    return max((one for one in found if one in LEAST_DRIVER), default=max(LEAST_DRIVER))


def _requirements() -> list[str]:
    try:
        return requires("tensorflow") or []
    except PackageNotFoundError:
        return []


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
