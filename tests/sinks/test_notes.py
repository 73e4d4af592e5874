"""Events in words."""

from runner.events import PhaseRow, Planned, RunEnded, Warned
from runner.sinks import notes


def planned(phases: int) -> Planned:
    rows = tuple(PhaseRow(name=f"cycle {number}", start=10 * number, stop=10 * number + 10) for number in range(phases))
    return Planned(
        recipe="r", fingerprint="f" * 64, seed=1, steps=10 * phases, epochs=1, steps_per_epoch=10 * phases,
        batch_size=8, data="d", phases=rows,
    )  # fmt: skip


def test_a_schedule_of_many_phases_does_not_fill_the_screen() -> None:
    short, long = dict(notes.planned(planned(20)))["schedule"], dict(notes.planned(planned(1000)))["schedule"]
    assert short.endswith("cycle 19 10 steps")
    assert long.endswith("cycle 18 10 steps, and 981 more phases")


def test_a_message_of_several_lines_is_one_text_without_escapes() -> None:
    assert notes.alert(Warned(message="a\n  b\n")) == ("warning", "a b")
    end = RunEnded(
        status="failed", message="Error: x\n\n  at y\x1b", steps=0, seconds_total=0, seconds_training=0, metrics={},
        best=None,
    )  # fmt: skip
    assert dict(notes.summary(None, [], end))["result"] == "failed: Error: x at y\\x1b"
