"""Texts cut into words exactly as ``keras.layers.TextVectorization`` does by default."""

import re

_PUNCTUATION = re.compile(rb"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")


def words_of(text: str) -> list[bytes]:
    """Words of a text: small letters, punctuation left out, cut at white space.

    As TensorFlow's operations do it, on bytes: letters beyond ASCII keep their case, and only ASCII's blanks separate.
    """
    return _PUNCTUATION.sub(b"", text.encode().lower()).split()
