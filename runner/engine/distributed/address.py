"""Addresses of workers, and listening at one's own."""

import errno
import ipaddress
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from runner.errors import ClusterError

_BACKLOG = 1024
_FREE = range(10_000, 32_768)
"""Ports that are neither well known nor given to whoever asks for any (Linux, and IANA, begin those later)."""


def split(address: str) -> tuple[str, int]:
    """Host and port of ``host:port``; an IPv6 address stands in brackets."""
    host, _, port = address.rpartition(":")
    return host.removeprefix("[").removesuffix("]"), int(port)


def free_addresses(count: int) -> list[str]:
    """Different addresses of the loopback device whose ports are free.

    They are free for as long as it takes a worker to start, and the system gives none of them to another connection in
    the meantime, as it does with those that it has chosen itself.

    Raises:
        ClusterError: nearly all are taken.
    """
    found: list[str] = []
    with ExitStack() as held:  # until the last is found, so that they differ
        for port in random.SystemRandom().sample(_FREE, 1000):
            if len(found) == count:
                return found
            try:
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            found.append(f"127.0.0.1:{port}")
    raise ClusterError(f"there are no {count} free ports from {_FREE.start} to {_FREE.stop - 1}")


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """A socket that listens at ``address`` alone, where that is one of this machine's.

    A name can stand for an address that others cannot reach (Debian gives a machine's own name 127.0.1.1) or that this
    machine does not have (behind a load balancer): then it listens at all of its addresses.

    Raises:
        ClusterError: the port is taken, or there is none such.
    """
    host, port = split(address)
    try:
        server = _server(host, port)
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "ports end at 65535"
        raise ClusterError(f"the chief's port {port} cannot be opened: {reason}") from error
    with server:
        yield server


def _server(host: str, port: int) -> socket.socket:
    for family, place in _places(host, port):
        try:
            return socket.create_server(place, family=family, backlog=_BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise
    return socket.create_server(("", port), backlog=_BACKLOG)


def _places(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Where a socket for this host may listen."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:  # not known yet
        return []
    meant = host == "localhost" or _is_literal(host)
    places = [(family, (str(place[0]), port)) for family, _, _, _, place in found]
    return [(family, place) for family, place in places if meant or not ipaddress.ip_address(place[0]).is_loopback]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
