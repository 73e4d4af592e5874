"""The most memory that this process has held."""

import resource
import sys

_UNITS_PER_MIB = (1 << 20) if sys.platform == "darwin" else (1 << 10)
"""``ru_maxrss`` has bytes on macOS and KiB on Linux."""


def peak_mib() -> float:
    """Largest resident set since the process began, in MiB; memory of a GPU is no part of it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNITS_PER_MIB
