"""Texts cut into words and n-grams exactly as ``keras.layers.TextVectorization`` does by default."""

import re

_PUNCTUATION = re.compile(rb"[!\"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']")


def words_of(text: str) -> list[bytes]:
    """Words of a text: small letters, punctuation left out, cut at white space.

    As TensorFlow's operations do it, on bytes: letters beyond ASCII keep their case, and only ASCII's blanks separate.
    """
    return _PUNCTUATION.sub(b"", text.encode().lower()).split()


def terms_of(text: str, ngrams: int = 1) -> list[bytes]:
    """Words of a text, then its pairs of neighbouring words, and so on up to n-grams of ``ngrams`` words.

    The words of an n-gram are joined by blanks, as ``TextVectorization(ngrams=…)`` has it: of "a b c" with ngrams = 2
    the terms are a, b, c, "a b" and "b c". A text of fewer than n words has no n-gram of n words.
    """
    words = words_of(text)
    longer = (words[k : k + n] for n in range(2, ngrams + 1) for k in range(len(words) - n + 1))
    return [*words, *map(b" ".join, longer)]
