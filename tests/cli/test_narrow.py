"""A terminal of 40 columns: nothing is wider, lines break between words, carets stand beneath their place."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from runner.text import width
from tests.cli.program import GALLERY, environment

COLUMNS = 40


def on_a_terminal(*arguments: str | Path, columns: int = COLUMNS) -> list[str]:
    """The lines that the program prints on a terminal without colours."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    command = [sys.executable, "-m", "runner", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=slave, stderr=slave, env=environment() | {"NO_COLOR": "1"})
    os.close(slave)
    text = b""
    try:
        while part := os.read(master, 100_000):
            text += part
    except OSError:  # how Linux says that the program has closed the terminal
        pass
    process.wait()
    os.close(master)
    return text.decode().replace("\r\n", "\n").splitlines()


def test_an_error_of_a_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.yaml")
    text = (GALLERY / "wine_cosine.yaml").read_text()
    path.write_text(text.replace("activation: relu, kernel", "activation: relu, droput: 0.3, kernel", 1))
    assert on_a_terminal("validate", path) == [
        "error[R012]: unknown key 'droput'",
        "  --> a.yaml:21:50",
        "   |",
        "21 | …tivation: relu, droput: 0.3, kern…",
        "   |                  ^^^^^^",
        "   |             did you mean 'dropout'?",
        "   = help: recipe explain R012",
        "1 recipe: 0 valid, 1 error",
    ]


def test_an_error_without_a_place() -> None:
    assert on_a_terminal("run", "a.yaml", "--froce") == [
        "error: unknown option '--froce'",
        "  = help: did you mean '--force'?",
        "  = help: `recipe run --help` lists the",
        "          arguments and options",
    ]


@pytest.mark.parametrize(
    "arguments",
    [["ls", GALLERY], ["why", GALLERY / "wine_cosine.yaml", "optimizer"], ["--help"], ["init", "--help"], ["explain"]],
    ids=str,
)
def test_no_line_is_wider_than_the_terminal(arguments: list[str | Path]) -> None:
    shown = on_a_terminal(*arguments)
    assert len(shown) > 3
    assert [line for line in shown if width(line) > COLUMNS and len(line.split()) > 1] == []


def test_the_help_of_a_wide_terminal_has_options_beside_their_texts() -> None:
    assert "  --target COLUMN  The column" in "\n".join(on_a_terminal("init", "--help", columns=80))
