"""Which token is drawn: temperature, top-k and nucleus against plain NumPy."""

from typing import Any

import numpy as np
import pytest

from runner.errors import InputError
from runner.inference.sampling import Sampling, chosen


def test_a_draw_picks_the_token_at_its_place() -> None:
    logits = np.log(np.array([9, 9, 0.2, 0.5, 0.3], np.float32))  # padding and unknown tokens are left out
    picked = [chosen(logits, Sampling(), draw) for draw in (0, 0.19, 0.21, 0.69, 0.71, np.nextafter(1, 0))]
    assert picked == [2, 2, 3, 3, 4, 4]
    assert chosen(logits, Sampling(temperature=0), 0.99) == 3


def reference(logits: np.ndarray, temperature: float, top_k: int | None, top_p: float | None) -> np.ndarray:
    """Probabilities of all tokens, by the definitions and a loop."""
    scaled = logits[2:].astype(np.float64) / temperature
    shares = np.exp(scaled - scaled.max())
    ranked = sorted(range(len(shares)), key=lambda k: (-shares[k], k))[:top_k]
    total, kept, sum_ = sum(shares[k] for k in ranked), [], 0.0
    for k in ranked:
        kept.append(k)
        sum_ += shares[k]
        if top_p is not None and sum_ >= top_p * total:
            break
    found = np.zeros(len(logits))
    for k in kept:
        found[k + 2] = shares[k] / sum(shares[j] for j in kept)
    return found


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
@pytest.mark.parametrize(("top_k", "top_p"), [(None, None), (3, None), (None, 0.6), (5, 0.8), (500, 1.0), (1, 0.01)])
def test_tokens_are_drawn_by_what_is_left_of_the_probabilities(
    temperature: float, top_k: int | None, top_p: float | None
) -> None:
    logits = np.random.default_rng(3).normal(0, 2, 14).astype(np.float32)
    logits[5] = logits[9]  # of equals the first is kept
    wanted = reference(logits, temperature, top_k, top_p)
    draws = (np.arange(20_000) + 0.5) / 20_000
    sampling = Sampling(temperature=temperature, top_k=top_k, top_p=top_p)
    drawn = np.bincount([chosen(logits, sampling, draw) for draw in draws], minlength=14) / len(draws)
    assert (drawn[wanted == 0] == 0).all()
    np.testing.assert_allclose(drawn, wanted, atol=1.1 / len(draws))


def test_of_equal_tokens_at_the_border_the_first_is_kept() -> None:
    logits = np.array([0, 0, 1, 2, 1, 1], np.float32)
    assert {chosen(logits, Sampling(top_k=2), draw) for draw in np.linspace(0, 0.999, 50)} == {2, 3}


def test_texts_of_one_seed_have_streams_of_their_own() -> None:
    long, short = Sampling(max_tokens=30, seed=7), Sampling(max_tokens=8, seed=7)
    np.testing.assert_array_equal(long.draws(0)[:8], short.draws(0))
    np.testing.assert_array_equal(long.draws(0), np.random.Generator(np.random.Philox(key=7)).random(30))
    assert not np.intersect1d(long.draws(0), long.draws(1)).size
    assert not np.intersect1d(long.draws(1), Sampling(max_tokens=30, seed=8).draws(0)).size


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ({"max_tokens": 0}, "max_tokens: must be from 1 to 100,000; received 0"),
        ({"temperature": -1.0}, "temperature: must be from 0 to 100; received -1.0"),
        ({"temperature": float("nan")}, "received nan"),
        ({"top_k": 0}, "top_k: must be at least 1; received 0"),
        ({"top_p": 0.0}, "top_p: must be above 0, and at most 1; received 0.0"),
        ({"seed": -1}, "seed: must be from 0"),
    ],
)
def test_arguments_have_bounds(argument: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Sampling(**argument)
