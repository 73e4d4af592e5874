"""Runs the program on hostile inputs, each in a child of its own that is watched from within.

Reads ``{"folder": …, "commands": [[…], …]}`` from stdin, writes a list of what happened to stdout. The verbs and the
reader of all YAML are imported before the first child, so that what a child imports is what the input made it import.
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
import traceback
from importlib import import_module
from typing import Any, NoReturn

from runner.cli import VERBS, app

sys.dont_write_bytecode = True  # of modules that a child is the first to import: no doing of its input
MEMORY = 300 * 2**20
SECONDS = 10
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HARMLESS_MODULES = (
    "runner",
    "schemas",
    "encodings",
    "rich",
    "pygments",
    "markdown_it",
    "mdurl",
    "typer",
    "shellingham",
)
# Of the standard library only what renderers, suggestions and field texts need.
STANDARD = {
    "ast", "inspect", "difflib", "dis", "opcode", "tokenize", "token", "linecache", "pkgutil", "textwrap",
    "unicodedata",
    "heapq", "_heapq", "colorsys", "_colorsys", "fractions", "decimal", "_decimal", "numbers", "getpass", "calendar",
    "locale", "html", "string", "ntpath", "importlib", "json", "tempfile", "random", "bisect", "_bisect", "hashlib",
    "_hashlib", "_sha2", "_sha512", "_random", "math", "shutil", "zlib", "bz2", "_bz2", "lzma", "_lzma", "fnmatch",
    "email", "quopri", "base64", "binascii", "zipfile", "struct", "_struct", "csv", "_csv", "statistics", "_statistics",
    "pathlib", "concurrent",
    "urllib", "ipaddress", "platform", "datetime", "_datetime", "zoneinfo", "configparser", "atexit",
    "termios", "_compression", "secrets", "hmac", "unittest", "__future__", "_typeshed", "pyexpat", "tomllib",
}  # fmt: skip
FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename",
             "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate", "shutil.", "ctypes.",
             "urllib.", "http.", "webbrowser.", "pty.", "tempfile.")  # fmt: skip


class Watch:
    """An audit hook that notes what a refused recipe must not do."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            self.noted.append(f"{event} {arguments!r:.200}")
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
            self.noted.append(f"open for writing {arguments!r:.200}")
        elif event == "open" and "secret" in str(arguments[0]):
            self.noted.append(f"open {arguments!r:.200}")
        elif event == "import" and not self._may_import(str(arguments[0])):
            self.noted.append(f"import {arguments[0]!r:.200}")

    def _may_import(self, name: str) -> bool:
        top = name.partition(".")[0]
        return top in sys.modules or top in HARMLESS_MODULES or top in STANDARD


def child(command: list[str], report: int) -> NoReturn:
    """Run one command, and write what happened to a descriptor."""
    resource.setrlimit(resource.RLIMIT_AS, (virtual_memory() + MEMORY, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out, error = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    watch, raised = Watch(), ""
    sys.addaudithook(watch)
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            app(command, prog_name="recipe")
        except SystemExit as exit:
            code = exit.code
        except BaseException:
            raised = traceback.format_exc()
    noted = list(watch.noted)
    shown = [stream.buffer.getvalue().decode() if not stream.flush() else "" for stream in (out, error)]  # type: ignore[attr-defined, func-returns-value]
    what = {"code": code, "raised": raised, "noted": noted, "stdout": shown[0], "stderr": shown[1]}
    with os.fdopen(report, "w") as pipe:
        json.dump(what, pipe)
    os._exit(0)


def virtual_memory() -> int:
    """Bytes that this process has mapped already."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def run(command: list[str]) -> dict[str, Any]:
    """One command in a child: its exit code, texts, forbidden deeds, processor seconds, megabytes."""
    reading, writing = os.pipe()
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        child(command, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    waited, seconds = time.perf_counter() - started, usage.ru_utime + usage.ru_stime
    found = (
        json.loads(text) if text else {"code": f"died: {status}", "raised": "", "noted": [], "stdout": "", "stderr": ""}
    )
    return {**found, "command": command, "seconds": seconds, "waited": waited, "megabytes": usage.ru_maxrss / 1024}


def main() -> None:
    """Run every command that stdin names."""
    order = json.load(sys.stdin)
    for place in VERBS.values():
        import_module(f"runner.cli.verbs.{place.partition(':')[0]}")
    import_module("runner.source.yaml.compose")
    os.chdir(order["folder"])
    json.dump([run(command) for command in order["commands"]], sys.stdout)


if __name__ == "__main__":
    main()
