"""``recipe launch``: local workers for a trial, and scripts for clusters."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from runner.cli.verbs import launch
from tests.cli.program import GALLERY, LIMIT, REPOSITORY, environment, recipe, result_of
from tests.cli.test_workers import RECIPE

pytestmark = pytest.mark.slow

DOCS = REPOSITORY / "docs"
ENDLESS = ("--run-dir", "out", "--progress", "plain", "--set", "training.epochs=100000")
EPOCH = ("2/100,000", "2/100000")
"""What the line of an epoch that is not the first has, whatever the language of numbers."""
PATIENT = f"""\
import sys
from runner.cli import main
from runner.cli.verbs import launch
sys.argv[0] = "recipe"
launch.PATIENCE = {LIMIT}
main()
"""
"""The program, which gives the workers that are left more time than a busy machine needs."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(RECIPE)
    return path


def started(*arguments: str | Path, cwd: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PATIENT, "launch", *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def until(process: "subprocess.Popen[str]", *texts: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if any(text in line for text in texts):
            return
    raise AssertionError(f"it ended without saying {texts}")


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / "events.jsonl").read_text().splitlines()]


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Processes that it has started, oldest first."""
    tasks = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in tasks.read_text().split()]


def test_it_trains_with_two_workers_and_gives_the_chiefs_output_and_exit_code(small: Path, tmp_path: Path) -> None:
    missed = ("--set", "expect.test_accuracy='>= 0.9999'")
    options = ("--workers", "2", "--run-dir", "out", "--json", "--progress", "plain")
    done = recipe("launch", small, *missed, *options, cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    result = result_of(done)
    assert (result["status"], result["run_dir"], result["steps"]) == ("expectation_missed", "out", 115)
    assert "worker 1" not in done.stderr
    assert done.stderr.count("starting TensorFlow") == 1
    assert "2 replicas on 2 workers (TF_CONFIG)" in " ".join(done.stderr.split())
    assert len(re.findall(r"^ *5/5 ", done.stderr, re.MULTILINE)) == 1


def test_an_invalid_recipe_starts_nothing(small: Path, tmp_path: Path) -> None:
    done = recipe("launch", small, "--set", "training.epochs=-1", cwd=tmp_path)
    assert done.returncode == 2
    assert "worker" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_when_a_worker_is_killed_all_end_and_resume_goes_on_until_a_sigterm_saves(small: Path, tmp_path: Path) -> None:
    process = started(small, *ENDLESS, cwd=tmp_path)
    try:
        until(process, *EPOCH)
        _, follower = children(process)
        os.kill(follower, signal.SIGKILL)
        _, err = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    assert process.returncode == 1, err
    assert "worker 1 was ended by SIGKILL" in err
    assert "is gone, and a step needs all 2" in " ".join(err.split())
    with pytest.raises(ProcessLookupError):
        os.kill(follower, 0)
    assert (events(tmp_path)[-1]["event"], events(tmp_path)[-1]["status"]) == ("run_ended", "failed")
    again = started(small, *ENDLESS, "--resume", cwd=tmp_path)
    try:
        until(again, "resumed")
        until(again, *EPOCH)
        os.kill(again.pid, signal.SIGTERM)
        _, err = again.communicate(timeout=LIMIT)
    finally:
        again.kill()
    assert again.returncode == 143, err
    assert "ended" not in err
    assert (tmp_path / "out" / "model.keras").is_file()
    resumed = [each["resumed_at"] for each in events(tmp_path) if each["event"] == "run_started"][-1]
    assert 0 < resumed < events(tmp_path)[-1]["steps"]


def test_a_ctrl_c_which_a_terminal_gives_to_the_whole_group_is_one_for_the_workers_which_save_and_leave(
    small: Path, tmp_path: Path
) -> None:
    process = started(small, *ENDLESS, cwd=tmp_path)
    try:
        until(process, *EPOCH)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=LIMIT)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert "ended" not in err
    assert (tmp_path / "out" / "model.keras").is_file()


def test_a_worker_that_a_signal_has_stopped_gives_the_chief_the_time_to_save(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that has failed does not: the chief gets a SIGTERM."""
    monkeypatch.setattr(launch, "PATIENCE", 0.0)
    for code, of_all in ((130, 130), (2, 1)):
        started = [subprocess.Popen(["sh", "-c", f"{wait}; exit {code}"]) for wait in ("sleep 1", ":")]
        crew = [launch._Worker(index, process, None) for index, process in enumerate(started)]
        assert launch._wait(crew) == of_all


def rendered(kind: str) -> str:
    file = GALLERY.relative_to(REPOSITORY) / "mnist_1cycle.yaml"
    done = recipe("launch", file, "--workers", "4", "--render", kind, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("kind", "name"), [("slurm", "slurm.sh"), ("kubernetes", "kubernetes-job.yaml")])
def test_the_scripts_in_docs_are_those_that_are_printed(kind: str, name: str) -> None:
    assert (DOCS / name).read_text() == rendered(kind)


def test_the_slurm_script_is_sound_and_gives_each_task_its_worker(tmp_path: Path) -> None:
    script = DOCS / "slurm.sh"
    checked = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    options = dict(re.findall(r"^#SBATCH --([\w-]+)=(\S+)", script.read_text(), re.MULTILINE))
    assert (options["nodes"], options["ntasks-per-node"], options["signal"]) == ("4", "1", "TERM@120")
    # run with an srun that shows what it was asked for
    srun = tmp_path / "srun"
    srun.write_text('#!/bin/bash\nprintf "%s\\n" "$@"\n')
    srun.chmod(0o755)
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "SLURM_SUBMIT_DIR": str(tmp_path), "SLURM_JOB_ID": "77"}
    ran = subprocess.run(["bash", script], env=variables, capture_output=True, text=True, check=True)
    words = ran.stdout.splitlines()
    assert words[:3] == ["--kill-on-bad-exit=1", "recipe", "run"]
    assert words[words.index("--run-dir") + 1] == "runs/mnist_1cycle/slurm-77"
    assert "hardware.strategy=multi_worker" in words
    assert "--resume" in words


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_say_about_the_slurm_script() -> None:
    subprocess.run(["shellcheck", DOCS / "slurm.sh"], check=True)


def test_the_kubernetes_job_is_indexed_and_its_pods_find_one_another_by_a_headless_service() -> None:
    service, job = YAML(typ="safe").load_all((DOCS / "kubernetes-job.yaml").read_text())
    assert (service["apiVersion"], service["kind"]) == ("v1", "Service")
    assert service["spec"]["clusterIP"] == "None"
    assert service["spec"]["publishNotReadyAddresses"] is True
    name = job["metadata"]["name"]
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", name)
    assert service["spec"]["selector"] == {"job-name": name}
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "Job")
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    assert spec["completionMode"] == "Indexed"
    assert spec["completions"] == spec["parallelism"] == 4
    assert pod["subdomain"] == service["metadata"]["name"]
    assert pod["restartPolicy"] in ("OnFailure", "Never")
    (container,) = pod["containers"]
    variables = {item["name"]: item["value"] for item in container["env"]}
    assert all(isinstance(value, str) for value in variables.values())
    port = int(variables["RECIPE_ADDRESS"].rpartition(":")[2])
    assert port == service["spec"]["ports"][0]["port"] == container["ports"][0]["containerPort"]
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    from runner.engine.distributed.cluster import find_cluster

    found = find_cluster({**variables, "JOB_COMPLETION_INDEX": "3"})
    assert (found.index, found.workers[0], len(found.workers)) == (3, f"{name}-0.{name}:{port}", 4)
