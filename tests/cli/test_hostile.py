"""Recipes that mean harm, through every verb: told like any fault, quickly, and nothing is done.

Each is run by the program in a process of its own that notes every file written, module imported, program started and
connection made (``hostile_driver``); a listener waits for connections besides.
"""

import json
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import GALLERY, LIMIT, REPOSITORY, environment
from tests.source.samples import small
from tests.source.test_hostile import HOSTILE, folder_with_traps

pytestmark = pytest.mark.slow

VERBS = (
    ["validate"], ["validate", "--output-format", "github"], ["plan", "--no-shapes"], ["plan", "--format", "csv"],
    ["show", "--resolved"], ["why"], ["run"], ["run", "--json"], ["lr-find"],
    ["sweep"],
)  # fmt: skip
"""What refuses a hostile recipe with 2."""
READERS = (["show"], ["fmt", "--check"])
"""What may print it or judge its layout."""
PATHS = ["folder.yaml", "fifo.yaml", "loop.yaml", "missing.yaml", "big.yaml", "sparse.yaml", "/dev/zero", "/dev/null",
         "/proc/self/mem", "a" * 5000, "x" * 300 + ".yaml", "a/" * 3000 + "b.yaml"]  # fmt: skip
ARGUMENTS = [
    "training.epochs=!!python/object/apply:os.system [x]", "training.epochs=&a [*a]",
    "training.epochs=" + "[" * 100_000,
    "training.epochs=" + "9" * 100_000, "training.epochs=.inf", "training.epochs=1e999", "training.epochs=\x1b[2J",
    "training." * 10_000 + "x=1", "training.epochs", "=", "=1", ".=1", "__class__.x=1", "training.__init__=1",
    "name=../../x", "name=\"\\ud800\"", "data.name=x/y", "model.layers.99999999999999999999.units=1",
    "training.epochs=%YAML 1.1", "training.epochs=a: b: c", "name='[bold]x[/]'", "name=\u202eabc",
]  # fmt: skip


def files() -> dict[str, str]:
    """Every hostile text by a file name of its own."""
    return {f"h{number:03}.yaml": text for number, text in enumerate(HOSTILE.values())}


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A socket that somebody could connect to."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> Path:
    """A folder with every hostile recipe and some traps."""
    folder = folder_with_traps(tmp_path_factory.mktemp("hostile"))
    port = listener.getsockname()[1]
    for name, text in files().items():
        (folder / name).write_bytes(text.replace("{port}", str(port)).encode("utf-8", "surrogatepass"))
    (folder / "r.yaml").write_text(small(seed="extends: r.yaml"))
    (folder / "ok.yaml").write_text(small())
    (folder / "big.yaml").write_bytes(b"a: 1\n" * 2_000_000)
    with (folder / "sparse.yaml").open("wb") as file:
        file.truncate(2**40)
    return folder


def snapshot(folder: Path) -> list[tuple[str, int, int]]:
    """Every name under the folder's parent with its size and time of change."""
    return sorted((str(p), p.lstat().st_size, p.lstat().st_mtime_ns) for p in folder.parent.rglob("*"))


def driven(folder: Path, commands: list[list[str]]) -> list[dict[str, Any]]:
    """What happened in each command."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.hostile_driver"],
        cwd=REPOSITORY, env=environment(PYTHONPATH=str(REPOSITORY)), capture_output=True, text=True, timeout=LIMIT,
        check=True, input=json.dumps({"folder": str(folder), "commands": commands}),
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def require_harmless(what: dict[str, Any], codes: set[int]) -> None:
    """Refused, quickly, in little memory, without a traceback or a forbidden deed, and safe to print."""
    brief = {key: str(value)[:300] for key, value in what.items()}
    assert what["raised"] == "", what["raised"][-2000:]
    assert what["code"] in codes, brief
    assert what["noted"] == [], brief
    assert what["seconds"] < 2, brief  # of the processor, which other work on the machine does not change much
    assert what["waited"] < 120, brief  # of a clock: for what waits in vain
    assert what["megabytes"] < 300, brief
    told = what["stdout"] + what["stderr"]
    assert "Traceback" not in told
    assert "hunter2" not in told
    assert all(character.isprintable() or character == "\n" for character in told), brief


def field_of(verb: list[str]) -> list[str]:
    return ["name"] if verb == ["why"] else []


def some(names: list[str], verb: list[str]) -> list[str]:
    """All for ``validate``; for other verbs, which read in the same way, every fifth, others for each."""
    return names if verb == ["validate"] else names[[*VERBS, *READERS].index(verb) % 5 :: 5]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_every_verb_refuses_hostile_recipes(folder: Path, listener: socket.socket, verb: list[str]) -> None:
    before = snapshot(folder)
    for what in driven(folder, [[*verb, name, *field_of(verb)] for name in some(list(files()), verb)]):
        require_harmless(what, {2})
        assert f"{what['command'][len(verb)]}" in what["stdout"] + what["stderr"]
    assert snapshot(folder) == before
    with pytest.raises(BlockingIOError):
        listener.accept()


@pytest.mark.parametrize("verb", READERS, ids=" ".join)
def test_what_only_reads_does_nothing_else(folder: Path, verb: list[str]) -> None:
    before = snapshot(folder)
    for what in driven(folder, [[*verb, name] for name in some(list(files()), verb)]):
        require_harmless(what, {0, 1, 2})
    assert snapshot(folder) == before


@pytest.mark.parametrize("verb", [*VERBS, *READERS], ids=" ".join)
def test_what_is_no_recipe_is_refused(folder: Path, verb: list[str]) -> None:
    before = snapshot(folder)
    for what in driven(folder, [[*verb, path, *field_of(verb)] for path in PATHS]):
        require_harmless(what, {2})
    assert snapshot(folder) == before


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_hostile_arguments_are_refused(folder: Path, verb: list[str]) -> None:
    before = snapshot(folder)
    for what in driven(folder, [[*verb, "ok.yaml", *field_of(verb), "--set", text] for text in some(ARGUMENTS, verb)]):
        require_harmless(what, {2})
    assert snapshot(folder) == before


def test_the_whole_folder_is_refused_at_once(folder: Path) -> None:
    (what,) = driven(folder, [["validate", "--output-format", "concise", "."]])
    assert what["raised"] == ""
    assert (what["code"], what["noted"]) == (2, [])
    assert [name for name in files() if name not in what["stdout"]] == []


def test_hostile_names_in_the_gallery_verbs_do_nothing(folder: Path) -> None:
    before = snapshot(folder)
    names = [
        "../secret.yaml",
        "/etc/passwd",
        "ok.yaml",
        "\x1b[2J",
        "a" * 5000,
        "..",
        "",
        "[bold]x[/]",
        "mnist_1cycle/..",
    ]
    for what in driven(folder, [["cp", name] for name in names] + [["show", "[bold]"], ["explain", "\x1b[2J"]]):
        require_harmless(what, {2})
    for what in driven(folder, [["ls", "."], ["ls", ".", "--json"], ["ls", "ok.yaml"], ["ls", "/dev"]]):
        require_harmless(what, {0})
    assert snapshot(folder) == before


def test_fixing_and_formatting_write_nothing_but_the_recipe(folder: Path, tmp_path: Path) -> None:
    inside = folder_with_traps(tmp_path)
    texts = dict(list(files().items())[::3])
    for name, text in texts.items():
        (inside / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    before = {line[0] for line in snapshot(inside)}
    secret = (tmp_path / "secret.yaml").read_text()
    for verb in (["validate", "--fix"], ["fmt"]):
        for what in driven(inside, [[*verb, name] for name in texts]):
            assert what["raised"] == ""
            assert what["code"] in (0, 2)
            assert what["seconds"] < 2
            deeds = [note for note in what["noted"] if not note.startswith(OWN_DEEDS)]
            assert deeds == [], what["command"]
    assert {line[0] for line in snapshot(inside)} == before
    assert (tmp_path / "secret.yaml").read_text() == secret


OWN_DEEDS = ("open for writing", "os.rename", "os.chmod", "tempfile.")


@pytest.mark.parametrize("name", ["os.system", "alias bomb", "100,000 brackets", "a giant integer", "yaml 1.1", "url",
                                  "path out", "link out", "raw escape", "dataset with options", "custom code",
                                  "many unknown keys"])  # fmt: skip
def test_the_program_as_started_by_a_person_refuses_it_too(folder: Path, listener: socket.socket, name: str) -> None:
    before = snapshot(folder)
    file = f"h{list(HOSTILE).index(name):03}.yaml"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (600 * 2**20, resource.RLIM_INFINITY))

    process = subprocess.Popen(
        [sys.executable, "-m", "runner", "validate", file], cwd=folder, env=environment(), preexec_fn=limit,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    out, error = process.communicate(timeout=LIMIT)
    assert process.returncode == 2
    assert f"{file}:" in out
    assert "Traceback" not in out + error
    assert snapshot(folder) == before
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_watch_sees_what_it_is_for(folder: Path, tmp_path: Path) -> None:
    (what,) = driven(folder, [["cp", "mnist_1cycle", str(tmp_path)]])
    assert what["code"] == 0
    assert [note for note in what["noted"] if note.startswith("open for writing")]
    (what,) = driven(folder, [["plan", str(GALLERY / "digits_constant.yaml"), "--plot", str(tmp_path / "x.png")]])
    assert [note for note in what["noted"] if note.startswith("import")]


OWN_PYTHON = {
    "os:system as a layer": small(
        model="model: {kind: sequential, layers: [{kind: flatten}, "
        "{kind: custom, target: 'os:system', arguments: {command: touch PWNED}}]}"
    ),
    "a module beside the recipe": small(
        model="model: {kind: functional, layers: [{kind: custom, target: 'trap:Layer'}]}"
    ),
    "a package beside it": small(model="model: {kind: functional, layers: [{kind: custom, target: 'a.trap:Layer'}]}"),
    "a loss": small(
        model="model: {kind: sequential, layers: [{kind: flatten}]}",
        training="training: {epochs: 1, loss: {kind: custom, target: 'trap:loss'}}",
    ),
}
"""Valid recipes that name code; who runs them has not allowed it."""
BAD_TARGETS = ["os", "os:", ":system", "os:system()", "os.path:..", "../trap:x", "os:a.b", "os system:x",
               "os:system\\n", "__import__('os'):x", "a" * 5000 + ":x", "trap;import os:x",
               "\u043es:system"]  # fmt: skip


def trapped(tmp_path: Path) -> Path:
    """A folder with recipes that name code, and code that would be noticed."""
    inside = folder_with_traps(tmp_path)
    (inside / "a").mkdir()
    for name in ("trap.py", "a/__init__.py", "a/trap.py"):
        (inside / name).write_text("import pathlib, subprocess\npathlib.Path('PWNED').touch()\n")
    for number, text in enumerate(OWN_PYTHON.values()):
        (inside / f"own{number}.yaml").write_text(text)
    return inside


@pytest.mark.parametrize(
    ("verb", "code"),
    [(["validate"], 0), (["plan", "--no-shapes"], 0), (["plan", "--format", "csv"], 0), (["show", "--resolved"], 0),
     (["why"], 0), (["run"], 2), (["run", "--json"], 2), (["lr-find"], 2), (["launch"], 2),
     (["selftest", "resume"], 2)],
    ids=str,
)  # fmt: skip
def test_code_that_nobody_allowed_is_never_imported(tmp_path: Path, verb: list[str], code: int) -> None:
    inside = trapped(tmp_path)
    before = snapshot(inside)
    for what in driven(inside, [[*verb, f"own{k}.yaml", *field_of(verb)] for k in range(len(OWN_PYTHON))]):
        require_harmless(what, {code})
        assert ("R206" in what["stderr"]) == (code == 2)
    assert snapshot(inside) == before


def test_what_is_no_target_is_refused(tmp_path: Path) -> None:
    inside = trapped(tmp_path)
    before = snapshot(inside)
    sets = [["--set", f"model.layers.0.target={json.dumps(target)}"] for target in BAD_TARGETS]
    for what in driven(inside, [[*verb, "own1.yaml", *one] for verb in (["validate"], ["run"]) for one in sets]):
        require_harmless(what, {2})
        assert "R017" in what["stdout"] + what["stderr"]
    assert snapshot(inside) == before


def test_there_are_enough_hostile_inputs() -> None:
    assert len(HOSTILE) + len(PATHS) + len(ARGUMENTS) >= 120
