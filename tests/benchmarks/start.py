"""What `recipe validate` costs beside the bare imports of its libraries: processor time of whole processes."""

import os
import resource
import subprocess
import sys

from tests.cli.program import GALLERY, REPOSITORY, environment

BARE = "import typer, rich, pydantic, ruamel.yaml"
"""What any program imports that has a command line, models and YAML by these libraries."""
COMMANDS = {
    "bare imports": ("-c", BARE),
    "one recipe": ("-m", "runner", "validate", os.fspath(GALLERY / "mnist_1cycle.yaml")),
    "the gallery": ("-m", "runner", "validate", *map(os.fspath, sorted(GALLERY.glob("*.yaml")))),
}
MOST = {"one recipe": 1.7, "the gallery": 2.0}
"""Times the bare imports."""


def seconds(command: tuple[str, ...], bytecode: str | None = None) -> float:
    """User and system time of one run, which other work on the machine does not change much.

    Args:
        command: arguments of Python.
        bytecode: folder for the bytecode that an installed program has; left out, beside the sources.
    """
    variables = environment(PYTHONPATH=os.fspath(REPOSITORY), **({"PYTHONPYCACHEPREFIX": bytecode} if bytecode else {}))
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], env=variables, check=True, capture_output=True, cwd=REPOSITORY)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(rounds: int, bytecode: str | None = None) -> dict[str, float]:
    """The least seconds of each command, of so many rounds in which they take turns."""
    taken = [{name: seconds(command, bytecode) for name, command in COMMANDS.items()} for _ in range(rounds)]
    return {name: min(once[name] for once in taken) for name in COMMANDS}


def report(rounds: int = 15) -> None:
    """Print a row a command."""
    found = least(rounds)
    print(f"start: processor seconds (least of {rounds} rounds), ratio to the bare imports")
    for name, value in found.items():
        wanted = f"   wanted: at most {MOST[name]}" if name in MOST else ""
        print(f"  {name:<12} {value:6.3f} s   ratio {value / found['bare imports']:5.2f}{wanted}", flush=True)
