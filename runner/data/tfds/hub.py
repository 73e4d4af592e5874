"""Whether a download could work, known within seconds."""

import queue
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable

SECONDS = 7.0
"""Longest wait; with TensorFlow's start before it the whole stays within ten seconds."""


def _try(url: str, answers: "queue.Queue[str | None]") -> None:
    request = urllib.request.Request(url, method="HEAD")
    host = urllib.parse.urlsplit(url).hostname
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            answers.put(None)
    except urllib.error.HTTPError as error:  # it answered: reachable, but it may say no
        refused = error.code in (401, 403, 407) or error.code >= 500
        answers.put(f"{host} refuses it (HTTP {error.code})" if refused else None)
    except (OSError, ValueError) as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        answers.put(f"{host} cannot be reached ({reason})")


def unreachable(urls: Iterable[str]) -> str | None:
    """Why the first of ``urls`` that speaks HTTP cannot be fetched; None when it can.

    A request through the system's proxies in a thread of its own, because a name look-up has no time-out.
    A dataset without known addresses is left to its own download code.
    """
    url = next((u for u in urls if u.startswith(("https://", "http://"))), None)
    if url is None:
        return None
    answers: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_try, args=(url, answers), daemon=True).start()
    try:
        return answers.get(timeout=SECONDS)
    except queue.Empty:
        return f"{urllib.parse.urlsplit(url).hostname} did not answer within {SECONDS:.0f} seconds"
