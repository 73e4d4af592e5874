"""One connection to a server, kept between calls: a new one for each call would wake one more of its cold workers."""

import base64
import http.client
import io
import select
import socket
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import NamedTuple

_SECONDS = 30.0
"""That a call may take."""
_LARGEST = 1 << 20
"""Bytes of an answer that are read."""


class Answer(NamedTuple):
    """What a server answers."""

    status: int
    content: bytes
    location: str = ""
    """Where it says that what was asked for has moved."""
    after: str = ""
    """When it wants to be asked again."""


class _Parts(io.BytesIO):
    """What is sent, and tells when a part of it is asked for."""

    def __init__(self, content: bytes, beat: Callable[[], None]) -> None:
        super().__init__(content)
        self._beat = beat

    def read(self, size: int | None = -1, /) -> bytes:
        self._beat()
        return super().read(size)


class KeptConnection:
    """Calls go through one connection, which is opened anew where the server or an error has closed it.

    As with ``urllib``, the variables ``http_proxy``, ``https_proxy`` and ``no_proxy`` are heeded.

    Args:
        address: of the server, with http or https.
    """

    def __init__(self, address: str) -> None:
        found = urllib.parse.urlsplit(address)
        self._secure, self._host, self._port = found.scheme == "https", found.hostname or "", found.port
        self._proxy = _proxy(found.scheme, self._host)
        self._prefix = f"http://{found.netloc.rpartition('@')[2]}" if self._proxy.hostname and not self._secure else ""
        self._extra = _credentials(self._proxy) if self._prefix else {}
        self._open: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        beat: Callable[[], None] | None = None,
    ) -> Answer:
        """What the server answers.

        Args:
            method: such as ``POST``.
            path: from the root of the server, with its query.
            body: what is sent.
            headers: besides length and host.
            beat: called as the body is being sent, a part at a time.

        Raises:
            OSError: the server cannot be reached, or does not answer in time.
            HTTPException: what comes is no answer of HTTP.
        """
        if self._open is not None and _is_stale(self._open):
            self.close()
        try:
            self._open = self._open or self._opened()
            sent = body if body is None or beat is None else _Parts(body, beat)
            length = {} if body is None else {"Content-Length": str(len(body))}
            self._open.request(method, self._prefix + path, sent, {**headers, **length, **self._extra})
            _acknowledge_at_once(self._open)
            with self._open.getresponse() as answer:
                found = answer.read(_LARGEST)
                if not answer.isclosed():  # what is left of it would be taken for the next answer
                    self.close()
                said = (answer.headers.get(name, "") for name in ("Location", "Retry-After"))
                return Answer(answer.status, found, *said)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        if not self._proxy.hostname:
            return kind(self._host, self._port, timeout=_SECONDS)
        connection = kind(self._proxy.hostname, self._proxy.port, timeout=_SECONDS)
        if self._secure:
            connection.set_tunnel(self._host, self._port, _credentials(self._proxy))
        return connection


def _proxy(scheme: str, host: str) -> urllib.parse.SplitResult:
    """The proxy that the environment names for a server; without a host where there is none."""
    named = "" if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme, "")
    return urllib.parse.urlsplit(named if "://" in named else f"//{named}")


def _credentials(proxy: urllib.parse.SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    pair = f"{urllib.parse.unquote(proxy.username)}:{urllib.parse.unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _acknowledge_at_once(connection: http.client.HTTPConnection) -> None:
    """Spare a call 40 ms.

    A server may send the second part of an answer only when the first one is acknowledged (Nagle's algorithm, RFC 896),
    and Linux waits so long with that in case there is something to send along (RFC 1122, 4.2.3.2).
    """
    if connection.sock is not None and hasattr(socket, "TCP_QUICKACK"):
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _is_stale(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed it: between two calls nothing else can be there to read."""
    if connection.sock is None:
        return True
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))
