"""Recipes that mean harm: told like any fault, quickly, and nothing is done."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from runner.diagnostics import render
from runner.source import load
from tests.source.samples import small

BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)
HOSTILE = {
    "os.system": "!!python/object/apply:os.system ['touch PWNED']",
    "os.system as a value": small(name="name: !!python/object/apply:os.system ['touch PWNED']"),
    "module": small(name="name: !!python/module:antigravity x"),
    "binary": small(name="name: !!binary aGVsbG8="),
    "set": small(name="name: !!set {a, b}"),
    "verbatim tag": small(name="name: !<tag:yaml.org,2002:python/name:os.system> x"),
    "empty tag": small(name="name: ! x"),
    "alias bomb": BOMB,
    "recursive alias": "a: &a [*a]",
    "recursive mapping": "&a {b: *a}",
    "alias as a key": "a: &a x\n*a : 1",
    "merge bomb": "a: &a {x: 1}\nb: {<<: *a, <<: [*a, *a]}",
    "unknown alias": "a: *nothing",
    "yaml 1.1": "%YAML 1.1\n---\n" + small(name="name: no"),
    "yaml 9.9": "%YAML 9.9\n---\n" + small(),
    "yaml twice": "%YAML 1.2\n%YAML 1.2\n---\n" + small(),
    "directive after the recipe": small() + "...\n%YAML 1.1\n---\nname: no\n",
    "tag directive": "%TAG !! tag:evil,2000:\n---\n" + small(),
    "a thousand documents": small() + "---\na: 1\n" * 1000,
    "duplicate keys": "a: 1\n" * 5000,
    "duplicate keys at depth": "x: {y: {z: [{a: 1, a: 2}]}}",
    "100,000 brackets": "[" * 100_000,
    "100,000 braces": "a: " + "{" * 100_000,
    "100,000 dashes": "- " * 100_000,
    "100,000 question marks": "? " * 100_000,
    "100,000 closing brackets": "]" * 100_000,
    "100,000 quotes": '"' * 100_000,
    "100,000 colons": ":" * 100_000,
    "100,000 colons with spaces": ": " * 100_000,
    "100,000 ampersands": "&" * 100_000,
    "100,000 exclamation marks": "!" * 100_000,
    "100,000 pipes": "|" * 100_000,
    "100,000 commas in a list": "[" + "," * 100_000,
    "deep indentation": "".join(" " * i + f"a{i}:\n" for i in range(600)),
    "brackets one a line": "[\n" * 100_000,
    "braces one a line": "a: {\n" * 40_000,
    "many keys": "".join(f"k{i}: 1\n" for i in range(20_000)),
    "many unknown keys": "".join(f"k{i}: 1\n" for i in range(4_000)),
    "many long unknown keys": "".join(f"{'k' * 200}{i}: 1\n" for i in range(1_000)),
    "many comments": "# c\n" * 60_000,
    "many blank lines": small(seed="seed: x") + "\n" * 200_000,
    "many spaces": small() + " " * 200_000 + "x",
    "a long key": "a" * 200_000 + ": 1",
    "a long quoted key": '"' + "a" * 200_000 + '": 1',
    "a long plain text": small(name="name: " + "a " * 100_000),
    "a long quoted text": small(name='name: "' + "\\n" * 100_000 + '"'),
    "a long block": small(description="description: |\n" + "  a\n" * 50_000),
    "a long folded text": small(name="name: a\n" + "  b\n" * 50_000),
    "long single quotes": small(name="name: '" + "''" * 100_000 + "'"),
    "a giant integer": small(seed="seed: " + "9" * 200_000),
    "a giant hexadecimal": small(seed="seed: 0x" + "f" * 200_000),
    "a giant float": small(seed="seed: 1." + "0" * 200_000 + "e" + "9" * 1000),
    "a giant quoted integer": small(seed="seed: '" + "9" * 200_000 + "'"),
    "a giant ratio": small(data="data: {source: builtin, name: iris, scale: '" + "1" * 100_000 + "/3'}"),
    "a giant duration": small(
        schedule="schedule: {kind: exponential, initial_lr: 1, decay_every: '" + "9" * 99_000 + "%'}"
    ),
    "infinity": small(seed="seed: .inf"),
    "not a number": small(seed="seed: .NaN"),
    "high surrogate": small(name='name: "\\ud800"'),
    "low surrogate": small(name='name: "\\udc00"'),
    "beyond unicode": small(name='name: "\\U99999999"'),
    "just beyond unicode": small(name='name: "\\U00110000"'),
    "bad hexadecimal escape": small(name='name: "\\xzz"'),
    "escape of the terminal": small(name='name: "\\e[2J"'),
    "raw escape": small(name="name: \x1b[2J"),
    "nul": small(name="name: a\0b"),
    "nul by escape": small(name='name: "\\0"'),
    "markup": small(name="name: '[red]x[/red]'"),
    "link markup": small(name="name: '[link=https://example.org]x[/link]'"),
    "bidirectional override": small(name="name: 'a\u202eb'"),
    "bidirectional key": small(name="na\u202eme: a"),
    "zero width key": small(name="na\u200bme: a"),
    "line separator": small(name="name: a # \u2028name: b"),
    "dataset with a slash": small(data="data: {source: tfds, name: 'mnist/../../x'}"),
    "dataset with a namespace": small(data="data: {source: tfds, name: 'huggingface:evil/set'}"),
    "dataset with options": small(data="data: {source: tfds, name: 'mnist/data_dir=/tmp'}"),
    "dataset with a line feed": small(data='data: {source: tfds, name: "mnist\\n"}'),
    "name that leaves": small(name="name: ../../etc"),
    "name of dots": small(name='name: ".."'),
    "name with a line feed": small(name='name: "a\\n"'),
    "custom code": small(model="model: {kind: custom, target: 'os:system'}"),
    "url": small(seed="extends: https://127.0.0.1:{port}/base.yaml"),
    "url without slashes": small(seed="extends: 'http:base.yaml'"),
    "file url": small(seed="extends: file:///etc/passwd.yaml"),
    "absolute path": small(seed="extends: /etc/passwd.yaml"),
    "path out": small(seed="extends: ../../../etc/passwd.yaml"),
    "hidden path out": small(seed="extends: a/../../x.yaml"),
    "home": small(seed="extends: ~/x.yaml"),
    "not a recipe": small(seed="extends: .env"),
    "itself": small(seed="extends: r.yaml"),
    "nul in a path": small(seed='extends: "a\\0.yaml"'),
    "a long path": small(seed="extends: " + "a" * 5000 + ".yaml"),
    "a deep path": small(seed="extends: " + "a/" * 5000 + "b.yaml"),
    "folder as a base": small(seed="extends: folder.yaml"),
    "fifo as a base": small(seed="extends: fifo.yaml"),
    "link out": small(seed="extends: link.yaml"),
    "link loop": small(seed="extends: loop.yaml"),
    "a thousand bases": small(seed="extends: [" + "good.yaml, " * 1000 + "]"),
    "bases that are no paths": small(seed="extends: [1, null, {a: 1}, [x]]"),
}


def folder_with_traps(tmp_path: Path) -> Path:
    """A folder for recipes, with a secret beside it and links to it."""
    (tmp_path / "secret.yaml").write_text("password: hunter2")
    folder = tmp_path / "recipes"
    folder.mkdir()
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "fifo.yaml")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "good.yaml").write_text("seed: 1")
    (folder / ".env").write_text("password: hunter2")
    return folder


_OWN = {"runner", "schemas", "encodings", "importlib", "pydantic", "ruamel"}
"""Packages of which the program may import a part when it first needs it."""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_recipe_is_refused(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with_traps(tmp_path)
    path = folder / "r.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    before, modules = sorted(tmp_path.rglob("*")), set(sys.modules)
    monkeypatch.setattr(socket, "socket", None)
    monkeypatch.chdir(folder)
    start = time.process_time()
    loaded = load(path)
    told = "".join(render(loaded.diagnostics, form) for form in ("full", "concise", "json", "github"))
    assert time.process_time() - start < 2
    assert not loaded.ok
    assert loaded.diagnostics
    assert all(diagnostic.span is not None for diagnostic in loaded.diagnostics)
    assert "Traceback" not in told
    assert "hunter2" not in told
    assert all(character.isprintable() or character == "\n" for character in told)
    assert sorted(tmp_path.rglob("*")) == before
    assert {name.split(".")[0] for name in set(sys.modules) - modules} <= _OWN


def test_a_text_of_faults_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(small() + "".join(f"k{i}: 1\n" for i in range(600)))
    found = load(path).diagnostics
    assert [diagnostic.code for diagnostic in found] == ["R012"] * 500 + ["R002"]
    assert "more than 500 errors" in found[-1].message


@pytest.mark.parametrize("trap", ["folder.yaml", "fifo.yaml", "loop.yaml", "missing.yaml"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, trap: str) -> None:
    loaded = load(folder_with_traps(tmp_path) / trap)
    assert [diagnostic.code for diagnostic in loaded.diagnostics] == ["R001"]


def test_what_is_no_recipe_is_named(tmp_path: Path) -> None:
    (tmp_path / "u.yaml").write_bytes(small().encode("utf-16"))
    (tmp_path / "b.yaml").write_bytes(bytes(range(256)))
    said = {
        "": "it is a folder, not a file",
        "u.yaml": "the recipe is not UTF-8 text: it is UTF-16",
        "b.yaml": "this is a binary file",
        "x*.yaml": "no file matches this pattern",
    }
    for name, part in said.items():
        assert part in render(load(tmp_path / name).diagnostics)


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/proc/self/mem", "/proc/kmsg", "/nul\0name"])
def test_devices_and_endless_files_are_refused(device: str) -> None:
    assert not load(device).ok


def test_a_file_of_10_mb_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(b"a: 1\n" * 2_000_000)
    start = time.process_time()
    (found,) = load(path).diagnostics
    assert found.code == "R002"
    assert time.process_time() - start < 0.5, "to read it takes seconds"


def test_a_sparse_file_of_a_terabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    with path.open("wb") as file:
        file.truncate(2**40)
    assert [diagnostic.code for diagnostic in load(path).diagnostics] == ["R002"]
