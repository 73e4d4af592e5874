"""All workers meet before TensorFlow starts to wait for them.

TensorFlow's wait cannot be interrupted, has no end and does not say for whom. This one ends in time, hears signals and
names who is missing.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from runner.engine.cluster import Cluster, ClusterError

SECONDS = float(os.environ.get("RECIPE_JOIN_SECONDS", "300"))
"""How long workers wait for one another: machines start at different times, and pull images."""
_PAUSE = 0.2
_GO = b"go\n"


def meet(cluster: Cluster, seconds: float = SECONDS) -> None:
    """Return once every worker has called this.

    The chief listens at its own address, which TensorFlow takes over afterwards; each other worker connects, says
    its number and waits for the word.

    Args:
        cluster: the workers.
        seconds: how long to wait.

    Raises:
        ClusterError: somebody did not come in time; the message names who.
    """
    deadline = time.monotonic() + seconds
    if cluster.index == 0:
        _gather(cluster, deadline, seconds)
    else:
        _join(cluster, deadline, seconds)


def _gather(cluster: Cluster, deadline: float, seconds: float) -> None:
    missing = set(range(1, len(cluster.workers)))
    with _listening(cluster.workers[0]) as server, ExitStack() as stack:
        guests = []
        while missing:
            server.settimeout(max(deadline - time.monotonic(), 0.01))
            try:
                guest = stack.enter_context(server.accept()[0])
            except TimeoutError:
                names = ", ".join(f"{i} ({cluster.workers[i]})" for i in sorted(missing))
                raise ClusterError(f"not all workers came within {seconds:.0f} s; missing: {names}") from None
            guests.append(guest)
            missing.discard(_number_of(guest))
        for guest in guests:
            guest.sendall(_GO)


@contextmanager
def _listening(address: str) -> Iterator[socket.socket]:
    port = int(address.rpartition(":")[2])
    try:
        server = socket.create_server(("", port), backlog=1024)
    except OSError as error:
        raise ClusterError(f"the chief's port {port} cannot be opened: {error.strerror}") from error
    with server:
        yield server


def _number_of(guest: socket.socket) -> int:
    """The number that a worker says; 0, which nobody waits for, from a stranger such as a port scan."""
    guest.settimeout(5.0)
    try:
        text = guest.recv(16).strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0


def _join(cluster: Cluster, deadline: float, seconds: float) -> None:
    host, _, port = cluster.workers[0].rpartition(":")
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host, int(port)), timeout=5.0) as chief:
                chief.sendall(f"{cluster.index}\n".encode())
                chief.settimeout(max(deadline - time.monotonic(), 0.01))
                if chief.recv(len(_GO)) == _GO:
                    return
        except OSError:  # it is not up yet, or its name is not known yet
            pass
        time.sleep(_PAUSE)
    raise ClusterError(f"the chief at {cluster.workers[0]} did not say go within {seconds:.0f} s")
