"""Which stretches of a run are trained again."""

import pytest

from runner.workflows.inspecting.stretches import Stretch, choose


def test_the_whole_run_is_all_of_its_parts() -> None:
    assert choose([0, 40, 60], 100, 1.0, 1) == [Stretch(0, 40), Stretch(40, 60), Stretch(60, 100)]


@pytest.mark.parametrize("share", [0.001, 0.05, 0.3, 0.77])
def test_a_share_is_so_many_steps_each_from_a_place_with_a_state(share: float) -> None:
    begins, seen = [0, 250, 500, 750], set()
    for seed in range(40):
        chosen = choose(begins, 1000, share, seed)
        assert sum(each.stop - each.start for each in chosen) == round(share * 1000)
        assert {each.start for each in chosen} <= set(begins)
        assert all(each.stop <= each.start + 250 for each in chosen)
        assert chosen == choose(begins, 1000, share, seed)
        seen.update(each.start for each in chosen)
    assert seen == set(begins)


def test_a_checkpoint_at_the_end_begins_nothing() -> None:
    assert choose([90, 100], 100, 1.0, 1) == [Stretch(90, 100)]
    assert choose([], 0, 1.0, 1) == []
