"""All workers meet before TensorFlow starts to wait for them.

TensorFlow's wait cannot be interrupted, has no end and does not say for whom. This one ends in time, hears signals and
names who is missing.

Anybody who reaches the chief's port may connect. The chief says a number that it has never said before, and a worker
answers with a keyed hash of it and of its own index (:mod:`runner.engine.distributed.token`): nothing else is read, and
a stranger who says something else, or nothing, keeps nobody waiting.
"""

import os
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

from runner.engine.distributed.address import listening, split
from runner.engine.distributed.cluster import Cluster
from runner.engine.distributed.token import NONCE, PROOF, Token, find_token
from runner.errors import ClusterError

SECONDS = float(os.environ.get("RECIPE_JOIN_SECONDS", "300"))
"""How long workers wait for one another: machines start at different times, and pull images."""
_PAUSE = 0.2
_ANSWER = 5.0
"""Seconds that a guest has to show that it is a worker."""
_STRANGERS = 256
"""Guests who have not shown it yet; with one more, the first of them has to go."""


def meet(cluster: Cluster, seconds: float = SECONDS, token: Token | None = None) -> None:
    """Return once every worker has called this.

    The chief listens at its own address, which TensorFlow takes over afterwards; each other worker connects, shows
    who it is and waits for the word.

    Args:
        cluster: the workers.
        seconds: how long to wait.
        token: what the workers know and nobody else; None: from the environment.

    Raises:
        ClusterError: there is no token, or somebody did not come in time; the message names who.
    """
    token = find_token(cluster, os.environ) if token is None else token
    deadline = time.monotonic() + seconds
    if cluster.index == 0:
        missing = _gather(cluster, deadline, token)
        if missing:
            names = ", ".join(f"{i} ({cluster.workers[i]})" for i in missing)
            raise ClusterError(f"not all workers came within {seconds:.0f} s; missing: {names}")
    else:
        _join(cluster, deadline, seconds, token)


def _gather(cluster: Cluster, deadline: float, token: Token) -> list[int]:
    """Let all workers in and give them the word; the result is who did not come in time."""
    with listening(cluster.workers[0]) as server, selectors.DefaultSelector() as selector:
        reception = _Reception(selector, token, len(cluster.workers))
        selector.register(server, selectors.EVENT_READ, lambda: reception.welcome(server))
        try:
            while reception.missing and time.monotonic() < deadline:
                for key, _ in selector.select(min(_PAUSE, max(deadline - time.monotonic(), 0))):
                    answer: Callable[[], None] = key.data
                    answer()
                reception.dismiss_the_silent()
            if not reception.missing:
                reception.give_the_word()
            return reception.missing
        finally:
            reception.close()


class _Reception:
    """The chief's guests: strangers until they have shown which worker they are."""

    def __init__(self, selector: selectors.BaseSelector, token: Token, workers: int) -> None:
        self._selector, self._token, self._workers = selector, token, workers
        self._strangers: dict[socket.socket, tuple[bytes, float]] = {}
        """What each was asked, and until when it may answer; in the order of their coming."""
        self._known: dict[int, tuple[socket.socket, bytes]] = {}

    @property
    def missing(self) -> list[int]:
        """Workers that are not here."""
        return [index for index in range(1, self._workers) if index not in self._known]

    def welcome(self, server: socket.socket) -> None:
        """Let a guest in and ask who it is."""
        nonce = os.urandom(NONCE)
        with ExitStack() as stack:
            try:
                guest = stack.enter_context(server.accept()[0])
                guest.setblocking(False)
                guest.send(nonce)  # a new connection has room for it
            except OSError:  # it has gone again
                return
            stack.pop_all()
        if len(self._strangers) == _STRANGERS:
            self._dismiss(next(iter(self._strangers)))
        self._strangers[guest] = nonce, time.monotonic() + _ANSWER
        self._selector.register(guest, selectors.EVENT_READ, lambda: self._hear(guest))

    def _hear(self, guest: socket.socket) -> None:
        """The answer of a stranger; of a worker that is known only its leaving can be heard."""
        if guest.fileno() < 0:  # sent away for another one that was heard in the same moment
            return
        try:
            said = guest.recv(PROOF)
        except OSError:
            said = b""
        if guest not in self._strangers or not said:
            self._dismiss(guest)
            return
        nonce, _ = self._strangers[guest]
        index = self._token.index_of(said, nonce, self._workers)
        if index is None:
            self._dismiss(guest)
            return
        if index in self._known:  # it has come again; the connection before is dead, or will be
            self._dismiss(self._known[index][0])
        del self._strangers[guest]
        self._known[index] = guest, nonce

    def dismiss_the_silent(self) -> None:
        """Send those away who have had their time."""
        now = time.monotonic()
        for guest in [guest for guest, (_, until) in self._strangers.items() if until < now]:
            self._dismiss(guest)

    def _dismiss(self, guest: socket.socket) -> None:
        self._strangers.pop(guest, None)
        self._known = {index: known for index, known in self._known.items() if known[0] is not guest}
        self._selector.unregister(guest)
        guest.close()

    def give_the_word(self) -> None:
        """Tell every worker to go, in a way that only the chief can."""
        for guest, nonce in self._known.values():
            with suppress(OSError):  # who leaves now is missed in TensorFlow's own meeting, which ends in time too
                guest.send(self._token.word(nonce))

    def close(self) -> None:
        """Send all away."""
        for guest in [*self._strangers, *(guest for guest, _ in self._known.values())]:
            self._dismiss(guest)


def _join(cluster: Cluster, deadline: float, seconds: float, token: Token) -> None:
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(split(cluster.workers[0]), timeout=_ANSWER) as chief:
                nonce = _exactly(chief, NONCE)
                chief.sendall(token.proof(nonce, cluster.index))
                chief.settimeout(max(deadline - time.monotonic(), 0.01))
                if token.is_word(_exactly(chief, PROOF), nonce):
                    return
        except OSError:  # it is not up yet, or its name is not known yet
            pass
        time.sleep(_PAUSE)
    raise ClusterError(
        f"the chief at {cluster.workers[0]} gave no start signal within {seconds:.0f} s",
        "all workers need the same RECIPE_TOKEN, and a way to the chief's port",
    )


def _exactly(chief: socket.socket, size: int) -> bytes:
    """So many bytes, or fewer when the other side has gone."""
    received = b""
    while len(received) < size and (part := chief.recv(size - len(received))):
        received += part
    return received
