"""The directions between the rooms, as pyproject.toml states them, and between modules."""

import subprocess
import sys
from pathlib import Path

import grimp

REPOSITORY = Path(__file__).parents[1]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_no_room_imports_what_it_must_not_know() -> None:
    done = subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("runner", "schemas", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    while free := {module for module, found in imports.items() if not found & imports.keys()}:
        imports = {module: found for module, found in imports.items() if module not in free}
    assert _circle(imports) == []


def _circle(imports: dict[str, set[str]]) -> list[str]:
    """One circle among modules that all import one another; empty where there are none."""
    if not imports:
        return []
    path = [min(imports)]
    while path[-1] not in path[:-1]:
        path.append(min(imports[path[-1]] & imports.keys()))
    return path[path.index(path[-1]) :]
