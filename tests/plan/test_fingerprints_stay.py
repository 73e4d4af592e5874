"""A recipe keeps its fingerprint when the language grows: runs are found, and resumed, by it.

``python -m tests.plan.test_fingerprints_stay`` writes the fingerprints anew, for recipes that have changed themselves.
"""

import json
from pathlib import Path

from runner.plan.fingerprint import fingerprint
from runner.source.discovery import find
from runner.source.load import load
from tests.cli.program import GALLERY

KNOWN = Path(__file__).parents[1] / "golden" / "fingerprints.json"


def fingerprints() -> dict[str, str]:
    """Of all recipes of the gallery, whatever data trains."""
    found = {}
    for path in find([GALLERY]):
        recipe = load(path).recipe
        assert recipe is not None
        found[path.stem] = fingerprint(recipe, "any data")
    return found


def test_the_gallery_keeps_its_fingerprints() -> None:
    assert fingerprints() == json.loads(KNOWN.read_text())


if __name__ == "__main__":
    KNOWN.write_text(json.dumps(fingerprints(), indent=2) + "\n")
