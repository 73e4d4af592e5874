"""Drivers: modules that train in a process of their own and print what came of it as JSON."""

import json
import os
from typing import Any

from tests.forking import client
from tests.forking.client import REPOSITORY


def answers_of(driver: str, asked: Any = None) -> dict[str, Any]:
    """What a module of this folder answers to what it is asked."""
    command, environment = ["-m", f"tests.engine.{driver}"], dict(os.environ)
    done = client.run(command, cwd=REPOSITORY, environment=environment, timeout=1500, given=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, dict)
    return answers
