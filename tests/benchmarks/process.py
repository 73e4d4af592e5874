"""The whole process of ``recipe run digits_constant``, as a person waits for it, beside the bare imports."""

import os
import subprocess
import sys
import tempfile
import time

from tests.cli.program import GALLERY, REPOSITORY, environment

IMPORT = ("-c", "import tensorflow, keras")
RUN = ("-m", "runner", "run", os.fspath(GALLERY / "digits_constant.yaml"), "--progress", "plain")


def waited(command: tuple[str, ...]) -> tuple[float, float | None]:
    """Seconds of a process, and until its first line on standard error."""
    with tempfile.TemporaryDirectory() as folder:
        variables = environment(PYTHONPATH=os.fspath(REPOSITORY), TF_CPP_MIN_LOG_LEVEL="3")
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *command], env=variables, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            assert process.stderr is not None
            first = time.perf_counter() - began if process.stderr.readline() else None
            process.stderr.read()
        if process.returncode not in (0, 1):  # 1: an expectation is missed, which is no matter here
            sys.exit(f"{' '.join(command)} ended with {process.returncode}")
        return time.perf_counter() - began, first
