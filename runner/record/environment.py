"""What results depend on besides the recipe: ``lock.json``."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = (
    "recipe-runner",
    "tensorflow",
    "keras",
    "tensorflow-datasets",
    "numpy",
    "pydantic",
    "mlxtend",
    "scikit-learn",
)


def package_versions() -> dict[str, str | None]:
    """Versions from the packages' metadata; nothing is imported."""
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def host_facts() -> dict[str, Any]:
    """Facts of the machine that can change the last bits of a result."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    except OSError:
        return platform.processor()
