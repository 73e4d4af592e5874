"""How the next token of a text is drawn from what a language model says of all tokens."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from runner.data.text.vocabulary import FIRST
from runner.errors import InputError

MOST_TOKENS = 100_000
"""Most tokens of a text that is written."""
HOTTEST = 100.0
"""Highest temperature."""


class SamplingOptions(TypedDict, total=False):
    """The arguments of :class:`Sampling`, for functions that take them."""

    max_tokens: int
    temperature: float
    top_k: int | None
    top_p: float | None
    stop: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Sampling:
    """How tokens are drawn, and where a text ends.

    Token t has the probability pₜ = softmax(logits / temperature)ₜ. Of these, ``top_k`` leaves the k highest, then
    ``top_p`` the fewest of what is left that come to at least that share of it, the most probable first (the nucleus of
    Holtzman et al. 2020, arXiv:1904.09751). One is drawn by what is left. Of equal probabilities the tokens that are
    more frequent in the training texts come first.

    Attributes:
        max_tokens: most that are written.
        temperature: 1 draws by the model's probabilities; less makes probable tokens more so; 0 takes the most
            probable one.
        top_k: how many tokens may be drawn; None: all.
        top_p: share of the probability that may be drawn, above 0; None: all.
        stop: texts before which the text ends; they are compared token by token, and are no part of it.
        seed: of the draws.

    Raises:
        InputError: an argument is out of its bounds.
    """

    max_tokens: int = 50
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    stop: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        for name, good, rule in (
            ("max_tokens", 1 <= self.max_tokens <= MOST_TOKENS, f"from 1 to {MOST_TOKENS:,}"),
            ("temperature", 0 <= self.temperature <= HOTTEST, f"from 0 to {HOTTEST:g}"),
            ("top_k", self.top_k is None or self.top_k >= 1, "at least 1"),
            ("top_p", self.top_p is None or 0 < self.top_p <= 1, "above 0, and at most 1"),
            ("seed", 0 <= self.seed < 1 << 63, "from 0 to 2^63 - 1"),
        ):
            if not good:
                raise InputError(f"{name}: must be {rule}; received {getattr(self, name)}")

    def draws(self, sample: int) -> NDArray[np.float64]:
        """A number from 0 to 1, without 1, for each token: those of a longer text begin with those of a shorter.

        Args:
            sample: which of several texts; each has a stream of its own in the Philox generator of the seed.
        """
        return np.random.Generator(np.random.Philox(key=self.seed + (sample << 64))).random(self.max_tokens)


def chosen(logits: NDArray[np.float32], sampling: Sampling, draw: float) -> int:
    """The number of a token: the first at which the sum of the probabilities is above ``draw``.

    Args:
        logits: of all tokens, shape ``(classes,)``; padding and unknown tokens are left out.
        sampling: what is left of the probabilities.
        draw: from 0 to 1, without 1.
    """
    own = logits[FIRST:].astype(np.float64)
    if sampling.temperature == 0:
        return int(own.argmax()) + FIRST
    left = _left(np.exp((own - own.max()) / sampling.temperature), sampling)
    sums = np.cumsum(left)
    place = np.searchsorted(sums, draw * sums[-1], side="right")
    return int(min(place, np.flatnonzero(left)[-1])) + FIRST  # the product may be rounded up to the last sum


def _left(shares: NDArray[np.float64], sampling: Sampling) -> NDArray[np.float64]:
    """The shares with 0 for the tokens that may not be drawn."""
    kept = len(shares) if sampling.top_k is None else min(sampling.top_k, len(shares))
    order = np.argsort(-shares, kind="stable")
    if sampling.top_p is not None and sampling.top_p < 1:
        sums = np.cumsum(shares[order[:kept]])
        kept = int(np.searchsorted(sums, sampling.top_p * sums[-1])) + 1
    left = shares.copy()
    left[order[kept:]] = 0
    return left
