"""The program as a person starts it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
GALLERY = REPOSITORY / "recipes"
NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
"""A proxy that refuses every connection: the hub is out of reach on any machine."""


def environment(data_dir: Path | None = None, **variables: str) -> dict[str, str]:
    """This process' environment without a dataset directory (or with the one given) and without a network."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "NO_COLOR", "COLUMNS")}
    return {**kept, **NO_NETWORK, "TFDS_DATA_DIR": str(data_dir or "no-such-directory"), **variables}


def recipe(
    *arguments: str | Path, cwd: Path, data_dir: Path | None = None, timeout: float = 240, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run ``recipe`` and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "runner", *map(str, arguments)],
        cwd=cwd,
        env=environment(data_dir, **variables),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def result_of(process: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """The object that ``--json`` printed."""
    values = json.loads(process.stdout)
    assert isinstance(values, dict)
    return values
