"""``recipe plan`` shows what each replica gets of a batch."""

import json
from pathlib import Path

import pytest

from runner.views.plan_replicas import shares
from tests.cli.program import recipe
from tests.cli.test_workers import RECIPE


@pytest.mark.parametrize(("batch", "replicas"), [(128, 2), (64, 3), (1, 4), (7, 8), (100, 1)])
def test_shares_differ_by_one_at_most_and_add_up(batch: int, replicas: int) -> None:
    found = shares(batch, replicas)
    assert sum(found) == batch
    assert max(found) - min(found) <= 1


@pytest.mark.parametrize(
    ("sets", "variables", "said"),
    [
        ([], {}, None),
        (["hardware.strategy=multi_worker"], {},
         "multi_worker, no cluster here: 64 examples would be 32 each on 2, 16 each on 4, 8 each on 8 replicas"),
        (["hardware.strategy=multi_worker", "data.batch_size=50"],
         {"RECIPE_ADDRESS": "a-{index}.a:1", "RECIPE_WORKERS": "3", "JOB_COMPLETION_INDEX": "0"},
         "strategy multi_worker, 3 workers (Kubernetes): 3 replicas with 2 × 17 and 1 × 16; "
         "the last batch 1 × 13 and 2 × 12"),
        (["hardware.strategy=mirrored", "hardware.device=cpu"], {"RECIPE_LOGICAL_CPUS": "2"},
         "strategy mirrored, no GPU here: 2 replicas with 32 each"),
    ],
)  # fmt: skip
def test_the_plan_names_each_replicas_share(
    tmp_path: Path, sets: list[str], variables: dict[str, str], said: str | None
) -> None:
    (tmp_path / "small.yaml").write_text(RECIPE)
    arguments = [part for text in sets for part in ("--set", text)]
    done = recipe("plan", "small.yaml", "--no-shapes", *arguments, cwd=tmp_path, **variables, COLUMNS="200")
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert said in text if said is not None else "strategy" not in text
    found = recipe("plan", "small.yaml", "--no-shapes", "--json", *arguments, cwd=tmp_path, **variables)
    devices = json.loads(found.stdout)["devices"]
    if said is None:
        assert devices is None
    else:
        assert devices["replicas"] == (None if "no cluster" in said else sum(1 for _ in devices["batch_sizes"]))
