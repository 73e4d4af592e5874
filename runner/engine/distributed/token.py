"""How workers show one another that they belong together: a secret that all know and none sends."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping

from runner.engine.distributed.address import split
from runner.engine.distributed.cluster import Cluster
from runner.errors import ClusterError

VARIABLE = "RECIPE_TOKEN"
NONCE = 32
"""Bytes that the chief asks with."""
PROOF = hashlib.sha256().digest_size
"""Bytes of an answer."""
_SHORTEST = 16


def make_token() -> str:
    """A new secret, for the environment of workers that one process starts."""
    return secrets.token_hex(32)


def find_token(cluster: Cluster, environ: Mapping[str, str]) -> "Token":
    """The secret that the environment gives.

    Workers that listen on the loopback device alone may do without: only this machine's own people reach them.

    Raises:
        ClusterError: there is none, or it can be guessed.
    """
    text = environ.get(VARIABLE, "")
    if not text and _on_loopback(cluster.workers[0]):
        return Token("")
    if len(text) < _SHORTEST:
        problem = f"has {len(text)} characters, and needs {_SHORTEST} or more" if text else "is not set"
        raise ClusterError(
            f"{VARIABLE} {problem}: the workers recognize one another by it, and keep strangers on the network out",
            f"give all workers the same: export {VARIABLE}=$(openssl rand -hex 32)",
            "docs/distributed.md says how Slurm and Kubernetes do",
        )
    return Token(text)


def _on_loopback(address: str) -> bool:
    host, _ = split(address)
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Token:
    """The secret of a cluster.

    Args:
        text: what all workers know.
    """

    def __init__(self, text: str) -> None:
        self._key = text.encode("utf-8", "surrogateescape")

    def _hash(self, nonce: bytes, what: str) -> bytes:
        return hmac.digest(self._key, nonce + what.encode(), "sha256")

    def proof(self, nonce: bytes, index: int) -> bytes:
        """The answer of a worker to what the chief has asked."""
        return self._hash(nonce, f"worker {index}")

    def index_of(self, said: bytes, nonce: bytes, workers: int) -> int | None:
        """Which worker has said this; None: none of them. Whatever was said, the comparison takes as long."""
        found = [index for index in range(1, workers) if hmac.compare_digest(said, self.proof(nonce, index))]
        return found[0] if found else None

    def word(self, nonce: bytes) -> bytes:
        """What the chief says when all are there."""
        return self._hash(nonce, "go")

    def is_word(self, said: bytes, nonce: bytes) -> bool:
        """Whether the chief has said it."""
        return hmac.compare_digest(said, self.word(nonce))
