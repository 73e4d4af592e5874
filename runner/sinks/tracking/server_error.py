"""Why a server did not take a call, and what can be done about it."""

import http.client
import json
import re
import socket
import ssl
from typing import Any

from runner.text import printable

_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers after which MLflow's own client tries again."""
TOO_LARGE = 413
_LATEST = 300.0
"""Seconds after which a call is tried again at the latest, whatever the server asks for."""
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
    TOO_LARGE: "a proxy before the server takes no calls of this size; `client_max_body_size` is its limit in nginx",
}
_MOVED = "name the address that it points to in MLFLOW_TRACKING_URI"
_LOGIN = f"is it a login page? {_WAYS_OUT[401]}"
_DELETED = re.compile(r"The (run|experiment) \S+ must be in the 'active' state")
_RESTORE = {
    "run": "restore it, or its experiment, in MLflow; without `mlflow.json` in its folder all of it becomes a new run",
    "experiment": "`mlflow experiments restore` brings it back; a recipe of another `name` has one of its own",
}
_DATABASE = re.compile(r"^\([\w.]+Error\) (.+)$", re.MULTILINE)
"""What the database says, among what SQLAlchemy says of a call."""
_NO_TLS = "MLFLOW_TRACKING_URI has https, and nothing at this port speaks it; is it http?"
_UNKNOWN = "SSL_CERT_FILE can name the certificates that are to be trusted"


class ServerError(OSError):
    """The server is away, or refuses a call.

    Args:
        message: what happened.
        status: of its answer; None: there was none.
        lasting: whether the same call would fail again.
        after: seconds after which the server wants to be asked again.
    """

    def __init__(self, message: str, status: int | None = None, *, lasting: bool = True, after: float = 0.0) -> None:
        super().__init__(message)
        self.status, self.lasting, self.after = status, lasting, after

    @property
    def terms(self) -> dict[str, Any]:
        """What an error with another message is made with that means the same."""
        return {"status": self.status, "lasting": self.lasting, "after": self.after}

    @property
    def absent(self) -> bool:
        """Whether nobody listens at the address, or there is none of that name."""
        return isinstance(self.__cause__, ConnectionRefusedError | socket.gaierror)


def refused(status: int, answer: bytes, location: str = "", after: str = "") -> ServerError:
    """An answer that is none of success.

    Args:
        status: of the answer, 300 or more.
        answer: its content.
        location: where what was asked for has moved.
        after: ``Retry-After``.
    """
    reason = _reason(answer, status)
    if location:
        reason += f", to {printable(location[:_LONGEST])}"
    deleted = _DELETED.match(reason)
    way_out = _MOVED if status < 400 else _RESTORE[deleted[1]] if deleted else _WAYS_OUT.get(status)
    text = f"the server answers {status}: {reason}" + (f" ({way_out})" if way_out else "")
    return ServerError(text, status, lasting=status not in _AGAIN, after=_seconds(after))


def unread(address: str, answer: bytes) -> ServerError:
    """An answer of success that is no JSON: a page, or what is left of an answer that was cut."""
    begun = answer.lstrip()[:1]
    if begun == b"{":
        return ServerError(f"{address}: its answer is cut after {len(answer):,} bytes", lasting=False)
    what = f"a web page ({_LOGIN})" if begun == b"<" else "no JSON"
    return ServerError(f"{address} does not answer as MLflow: its answer is {what}")


def _seconds(asked: str) -> float:
    """Of ``Retry-After`` (RFC 9110, 10.2.3); 0 where it is a date, which says nothing to a clock that is off."""
    return min(float(asked), _LATEST) if asked.isdecimal() else 0.0


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
    """MLflow's own words, else the first line of a text that is no page, else what the status means.

    Of an error of its database that is what the database says, without the statement.
    """
    try:
        said = str(json.loads(answer)["message"])
        found = _DATABASE.search(said)
        return (said if found is None else found[1]).partition("\n[SQL: ")[0].replace("\n", " ")[:_LONGEST]
    except (ValueError, KeyError, TypeError):
        line = next(iter(answer.decode("utf-8", "replace").strip().splitlines()), "")
        usual = http.client.responses.get(status, "no reason given")
        return usual if not line or line.startswith(("<", "{", "[")) else line[:_LONGEST]
