"""Plain lines: what a file or a pipe gets, to the character."""

from io import StringIO

import pytest

from runner.events import DeviceChosen, EarlyStopped, Event, FallbackUsed, PhaseRow, PlateauCut, Stage, Warned
from runner.events import ExpectationChecked as Checked
from runner.sinks.plain_lines import PlainSink
from tests.sinks.script import ended, finished, started, whole_run

WHOLE_RUN = """\
recipe    mnist_1cycle, seed 42, fingerprint 0a1b2c3d
data      tfds mnist 3.0.1, batches of 128
model     266,610 parameters
steps     300 in 3 epochs, 100 per epoch
schedule  rise 135, fall 135, final 30 steps
run       runs/mnist_1cycle/20260102-030405-0a1b2c3d
device    CPU, 2 threads (no GPU: no NVIDIA driver was found)
data      reading mnist
compile   compiling the training step

epoch  learning_rate  momentum     loss  accuracy  val_loss  val_accuracy    time  best  phase
  1/3        0.07404   0.87596   1.0146    0.7994    0.5415        0.8496   1.20s     *  rise
  2/3        0.07585   0.87415   0.2557    0.9361    0.1726        0.9521   1.20s        fall
  plateau: rate x0.5; val_loss 0.0812, best 0.0712, wait 3
  3/3      0.0001109   0.94989   0.0989    0.9700    0.0810        0.9775   1.20s     *  final

result    finished
test      loss 0.0512, accuracy 0.9841
best      epoch 3, val_accuracy 0.9852
expected  test_accuracy >= 0.983: met (0.9841)
time      18.2s total, 12.7s training, 300 steps
run       runs/mnist_1cycle/20260102-030405-0a1b2c3d
"""


def plain(*events: Event) -> str:
    stream = StringIO()
    sink = PlainSink(stream)
    for event in events:
        sink(event)
    return stream.getvalue()


def test_a_whole_run() -> None:
    assert plain(*whole_run(3, "plateau")) == WHOLE_RUN


def test_hostile_text_is_inert_and_visible() -> None:
    text = plain(*whole_run(3, "hostile"))
    assert r"recipe    [red]\x1b[2J\u202eevil, seed 42" in text
    assert r"warning   [bold]\x1b]0;title\x07 \u2066x" in text
    assert not set(text) & {"\x1b", "\x07", "\u202e", "\u2066"}


def test_hostile_phase_metric_and_monitor_names_are_inert() -> None:
    evil = "\x1b[31m\n"
    text = plain(
        started(1, data=evil, run_dir=evil, fingerprint=evil),
        DeviceChosen(device=evil, description=evil, reason=evil),
        Stage(stage="compile", message=evil),
        ended(0, 100, phase=evil, metrics={evil: 1.0}),
        PlateauCut(step=1, epoch=0, monitor=evil, value=1, best=1, wait=1, scale=0.5),
        EarlyStopped(epoch=0, monitor=evil, best=1, best_epoch=0, wait=1),
        FallbackUsed(wanted=evil, used=evil, reason=evil),
        Checked(metric=evil, expectation=evil, value=1.0, met=False),
        finished(100, message=evil, metrics={evil: 1.0}, best={evil: 1.0}),
    )
    assert "\x1b" not in text
    assert text.count("\\x1b[31m\\n") == 20


def test_a_stage_is_announced_once_and_short_ones_are_not() -> None:
    compiling = Stage(stage="compile", message="compiling")
    assert plain(compiling, Stage(stage="evaluate", message="evaluating"), compiling) == "compile   compiling\n"


def test_each_line_is_out_as_soon_as_it_is_known() -> None:
    class Counting(StringIO):
        flushes = 0

        def flush(self) -> None:
            self.flushes += 1

    stream = Counting()
    sink = PlainSink(stream)
    sink(Warned(message="a"))
    sink(Warned(message="b"))
    assert stream.flushes == 2


def test_the_fallback_is_said() -> None:
    event = FallbackUsed(wanted="tfds mnist", used="builtin mnist-5k", reason="no network")
    assert plain(event) == "fallback  training on builtin mnist-5k instead of tfds mnist: no network\n"


def test_an_early_stop_says_why() -> None:
    event = EarlyStopped(epoch=9, monitor="val_loss", best=0.0712, best_epoch=6, wait=3)
    assert plain(event) == "  stopped early: best epoch 7, val_loss 0.0712, wait 3\n"


def test_a_metric_that_comes_later_gets_a_new_heading() -> None:
    lines = plain(
        started(2, metrics=("loss",)),
        ended(0, 200, metrics={"loss": 1.0}),
        ended(1, 200, metrics={"loss": 0.5, "val_loss": 0.6}),
    ).splitlines()[6:]
    assert lines == [
        "",
        "epoch  learning_rate  momentum     loss    time  best  phase",
        "  1/2       0.099875   0.85012   1.0000   1.20s     *  fall",
        "",
        "epoch  learning_rate  momentum     loss  val_loss    time  best  phase",
        "  2/2      0.0001246   0.94988   0.5000    0.6000   1.20s        final",
    ]


def test_a_resumed_run_says_from_where() -> None:
    assert "resumed   after 100 steps\n" in plain(started(3, resumed_at=100))


def test_many_phases_are_wrapped_under_their_label() -> None:
    rows = tuple(PhaseRow(name=f"phase{n}", start=n * 10, stop=n * 10 + 10) for n in range(12))
    lines = plain(started(3, phases=rows)).splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith(" " * 10) for line in lines) == 2


def test_what_was_expected_and_missed_or_not_tested_is_said() -> None:
    text = plain(
        Checked(metric="test_accuracy", expectation=">= 0.99", value=0.9841, met=False),
        Checked(metric="seconds", expectation="<= 60", value=None, met=None),
        finished(300, status="expectation_missed", best=None),
    )
    assert "result    finished, but missed an expectation\n" in text
    assert "expected  test_accuracy >= 0.99: missed (0.9841)\n" in text
    assert "expected  seconds <= 60: not tested\n" in text


def test_without_a_test_split_the_last_metrics_are_the_result() -> None:
    text = plain(finished(300, metrics={"loss": 0.25, "accuracy": 0.5}))
    assert "metrics   loss 0.2500, accuracy 0.5000\n" in text


def test_the_best_epoch_stands_alone_without_a_monitor() -> None:
    assert "best      epoch 8\n" in plain(finished(300, best={"epoch": 7}))


@pytest.mark.parametrize(
    ("least", "last", "said"),
    [(0.4207, 0.8404, "0.8404"), (0.42, 0.45, None), (0.42, 0.42, None), (-2.0, -1.9, None), (0.4, None, None)],
)
def test_a_loss_that_has_risen_since_the_best_epoch_is_told_with_the_way_to_its_model(
    least: float, last: float | None, said: str | None
) -> None:
    metrics = {"loss": 0.25} | ({} if last is None else {"val_loss": last})
    text = plain(finished(300, metrics=metrics, best={"epoch": 4, "val_loss": least}))
    assert ("note      val_loss has risen to" in text) == (said is not None)
    if said is not None:
        flat = " ".join(text.split())
        assert f"risen to {said} since epoch 5; `evaluate`, `predict` and `export` use the model of" in flat


def test_a_failure_says_what_and_where() -> None:
    text = plain(started(3), finished(120, status="diverged", message="loss is nan at step 120", metrics={}, best=None))
    assert text.endswith(
        "\nresult    diverged: loss is nan at step 120\n"
        "time      18.2s total, 12.7s training, 120 steps\n"
        "run       runs/mnist_1cycle/20260102-030405-0a1b2c3d\n"
    )


def test_two_runs_in_a_row_do_not_mix() -> None:
    once = plain(*whole_run(3))
    twice = plain(*whole_run(3), *whole_run(3))
    assert twice.count("expected") == 2
    assert twice.count("epoch  learning_rate") == 2
    assert twice.startswith(once)
