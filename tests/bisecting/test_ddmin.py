"""Delta debugging finds a set of which nothing can be left out, and asks for few sets."""

import random
from collections.abc import Callable, Sequence

import pytest

from runner.bisecting.ddmin import Changes, Outcome, ddmin


def needs(*causes: int) -> Callable[[Changes], Outcome]:
    return lambda chosen: "bad" if set(causes) <= set(chosen) else "good"


@pytest.mark.parametrize("causes", [(0,), (7,), (0, 7), (3, 4), (1, 2, 6), tuple(range(8))])
def test_the_causes_are_found(causes: Changes) -> None:
    assert ddmin(range(8), needs(*causes)) == causes


def test_one_cause_among_many_takes_few_trials() -> None:
    asked: list[Changes] = []

    def judge(chosen: Changes) -> Outcome:
        asked.append(chosen)
        return needs(37)(chosen)

    assert ddmin(range(64), judge) == (37,)
    assert len(asked) <= 12  # 2 · log₂ 64


def test_nothing_can_be_left_out_whatever_goes_together() -> None:
    generator = random.Random(1)
    for _ in range(200):
        count = generator.randint(1, 7)
        outcomes: dict[Changes, Outcome] = {tuple(range(count)): "bad"}

        def judge(chosen: Changes, outcomes: dict[Changes, Outcome] = outcomes) -> Outcome:
            words: Sequence[Outcome] = ("good", "bad", "unfit")
            return outcomes.setdefault(chosen, generator.choice(words))

        found = ddmin(range(count), judge)
        assert outcomes[found] == "bad"
        without = [tuple(each for each in found if each != left) for left in found]
        assert all(outcomes[each] != "bad" for each in without if each)
