"""``python -m tests.forking.server DESCRIPTOR``: imports TensorFlow as the program does, and forks for every order.

An order comes through the socket of that descriptor: what follows ``python`` on a command line (``-m`` with a module
or ``-c`` with code, and arguments), folder and environment as JSON, and four descriptors: standard input, output and
error, and a socket for the answers. A child is what Python is from there on: nothing of the program was imported before
it, no operation has run, no thread but those of numerical libraries, which know of forks, was started. It has memory,
signals, exit code and death of its own. The server ends with its client.
"""

import contextlib
import gc
import io
import json
import os
import random
import runpy
import socket
import sys
import tempfile
import time
from typing import Any, NoReturn

LONGEST_ORDER = 1 << 20


def imported() -> None:
    """Import Keras and TensorFlow as the program imports them; nothing of the program itself stays imported."""
    from runner.lean_import import UNUSED, without
    from runner.quiet import quiet_import

    with quiet_import(), without(UNUSED):
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    for name in [name for name in sys.modules if name.partition(".")[0] in ("runner", "schemas", "tests")]:
        del sys.modules[name]  # a hook may change what it imports, and a missing import must show


def serve(orders: socket.socket) -> None:
    """Fork for every order until nobody is left to give one."""
    gc.freeze()
    while True:
        data, descriptors, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 4)
        _reap()
        if not data:
            return
        if os.fork() == 0:
            orders.close()
            _keep(json.loads(data), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _reap() -> None:
    """Take leave of keepers that have ended, so that their processor time counts as that of the tests."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _keep(order: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Tell the number of the process, wait for its end, and tell how it ended."""
    *streams, answers = descriptors
    child = os.fork()
    if child == 0:
        os.close(answers)
        _become(order, streams)
    for descriptor in streams:
        os.close(descriptor)
    with socket.socket(fileno=answers) as told:
        told.sendall(f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        told.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(order: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be a Python process: streams, folder, environment, arguments, path, ``sitecustomize``, and the main module."""
    for descriptor, place in zip(streams, (0, 1, 2), strict=True):
        os.dup2(descriptor, place)
        os.close(descriptor)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    time.tzset()
    tempfile.tempdir = None
    random.seed()
    sys.stdin, sys.stdout, sys.stderr = _streams()
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    how, what, *arguments = order["command"]
    sys.orig_argv = [sys.executable, *order["command"]]
    sys.argv = [how, *arguments]
    places = [place for place in order["environment"].get("PYTHONPATH", "").split(os.pathsep) if place]
    sys.path[:1] = [order["cwd"], *places]
    code = 0
    try:
        _customized(places)
        if how == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        code = 1
        sys.excepthook(type(error), error, error.__traceback__)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _streams() -> tuple[io.TextIOWrapper, io.TextIOWrapper, io.TextIOWrapper]:
    """As Python opens them at its start."""
    return (
        open(0, closefd=False),
        open(1, "w", closefd=False),
        open(2, "w", buffering=1, errors="backslashreplace", closefd=False),
    )


def _customized(places: list[str]) -> None:
    """What Python does at its start with a ``sitecustomize`` on the path."""
    if any(os.path.exists(os.path.join(place, "sitecustomize.py")) for place in places):
        sys.modules.pop("sitecustomize", None)
        __import__("sitecustomize")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        imported()
        serve(orders)
