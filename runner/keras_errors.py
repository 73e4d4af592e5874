"""What Keras and TensorFlow raise, in a line."""

import re

_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_WRAPPED = re.compile(r"Exception encountered when calling|(?s:.*)Error encountered:$")
"""How Keras begins what it tells of a layer's own exception, or ends it; the next paragraph says what it was."""
_TRACED = ("in user code:", "Graph execution error:")
"""How AutoGraph and the runtime begin what they tell of any; the last paragraph says what it was."""
_NODE = re.compile(r"\s*\[\[\{\{node .*", re.DOTALL)
"""How the runtime ends it."""


def said(error: BaseException) -> str:
    """What is wrong: of a long explanation the one paragraph that says so."""
    first, *more = _STYLE.sub("", str(error)).strip().split("\n\n")
    while more and _WRAPPED.match(first):
        first, *more = more
    if more and first.startswith(_TRACED):
        first = _NODE.sub("", more[-1])
    return " ".join(first.split()) or type(error).__name__


def said_with_kind(error: BaseException) -> str:
    """The same after the kind of the error, such as ``ImportError: …``."""
    kind, text = type(error).__name__, said(error)
    return text if text.startswith(kind) else f"{kind}: {text}"
