"""Why a server did not take a call, and what can be done about it."""

import http.client
import json
import re
import socket
import ssl

_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers after which MLflow's own client tries again."""
_LONGEST = 300
"""Characters of a reason that are shown."""
_TUNNEL = re.compile(r"Tunnel connection failed: (\d+) ?(.*)")
"""What Python says where a proxy makes no connection for https."""
_PROXY = "https_proxy or http_proxy names it, http://USER:PASSWORD@HOST:PORT; no_proxy=HOST goes around it"
_WAYS_OUT = {
    401: "MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, say who asks",
    403: "it knows who asks, or from where, and does not allow it",
    404: "is MLFLOW_TRACKING_URI the address of the server's page?",
    407: _PROXY,
    413: "the server, or a proxy before it, takes no calls of 100 kB",
}
_MOVED = "name the address that it points to in MLFLOW_TRACKING_URI"
_NO_TLS = "MLFLOW_TRACKING_URI has https, and nothing at this port speaks it; is it http?"
_UNKNOWN = "SSL_CERT_FILE can name the certificates that are to be trusted"


class ServerError(OSError):
    """The server is away, or refuses a call.

    Args:
        message: what happened.
        status: of its answer; None: there was none.
        lasting: whether the same call would fail again.
    """

    def __init__(self, message: str, status: int | None = None, *, lasting: bool = True) -> None:
        super().__init__(message)
        self.status, self.lasting = status, lasting

    @property
    def absent(self) -> bool:
        """Whether nobody listens at the address, or there is none of that name."""
        return isinstance(self.__cause__, ConnectionRefusedError | socket.gaierror)


def refused(status: int, answer: bytes) -> ServerError:
    """An answer that is none of success.

    Args:
        status: of the answer, 300 or more.
        answer: its content.
    """
    way_out = _MOVED if status < 400 else _WAYS_OUT.get(status)
    text = f"the server answers {status}: {_reason(answer, status)}" + (f" ({way_out})" if way_out else "")
    return ServerError(text, status, lasting=status not in _AGAIN)


def unreached(address: str, error: Exception) -> ServerError:
    """A call without an answer."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerError(f"{address}: {error.verify_message or reason} ({_UNKNOWN})")
    if isinstance(error, ssl.SSLError) and error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
        return ServerError(f"{address}: {error.reason} ({_NO_TLS})")
    if (tunnel := _TUNNEL.match(str(error))) is not None and int(tunnel[1]) not in _AGAIN:
        return ServerError(f"{address}: the proxy answers {tunnel[1]}: {tunnel[2]} ({_PROXY})")
    return ServerError(f"{address}: {reason}", lasting=False)


def _reason(answer: bytes, status: int) -> str:
    """MLflow's own words, else the first line of a text that is no page, else what the status means."""
    try:
        return str(json.loads(answer)["message"])[:_LONGEST]
    except (ValueError, KeyError, TypeError):
        line = next(iter(answer.decode("utf-8", "replace").strip().splitlines()), "")
        usual = http.client.responses.get(status, "no reason given")
        return usual if not line or line.startswith(("<", "{", "[")) else line[:_LONGEST]
