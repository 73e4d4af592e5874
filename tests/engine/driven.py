"""Drivers: modules that train in a process of their own and print what came of it as JSON."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def answers_of(driver: str, asked: Any = None) -> dict[str, Any]:
    """What a module of this folder answers to what it is asked."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.engine.{driver}"],
        input=json.dumps(asked),
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, dict)
    return answers
