"""The live display to the character, at the widths that people have."""

import pytest

from runner.events import Stage
from runner.sinks import live_view
from tests.sinks.script import call, ended, whole_run
from tests.sinks.test_live import show, training

FIRST = {
    40: """\

       learning             val
epoch      rate    loss    loss   phase
───────────────────────────────────────

⠋ compiling  0s
──────────────────────────────────    0%
rate                loss

""",
    80: """\

       learning                               val      val
epoch      rate momentum    loss accuracy    loss accuracy   time   phase
─────────────────────────────────────────────────────────────────────────

⠋ compiling  0s
──────────────────────────────────────────────────────────────────────────    0%
rate                                    loss

""",
    120: """\

        learning                                   val       val
epoch       rate  momentum     loss  accuracy     loss  accuracy    time     phase
──────────────────────────────────────────────────────────────────────────────────

⠋ compiling  0s
──────────────────────────────────────────────────────────────────────────────────────────────    0%
rate                                              loss

""",
}
"""Before the first step."""

MIDDLE = {
    40: """\

        learning                 val
epoch       rate     loss       loss
───────────────────────────────────────
 1/10  0.0094466  27780.4  7.702e-07  *
 2/10   0.014494   0.6017
* best val_accuracy so far

rise  epoch 2/10  step 125/1,000  ETA 9s
━━━━──────────────────────────────   12%
rate 0.014494       loss 0.4233
 ▁█                 █
▁██                 █▆▁""",
    80: """\

       learning                                 val      val
epoch      rate momentum    loss accuracy      loss accuracy   time   phase
───────────────────────────────────────────────────────────────────────────
 1/10 0.0094466  0.94055 27780.4   0.5000 7.702e-07   1.0000  1.20s * rise
 2/10  0.014494  0.93551  0.6017   0.7994                             rise
* best val_accuracy so far

rise  epoch 2/10  step 125/1,000  ETA 9s  12,800 examples/s
━━━━━━━━━─────────────────────────────────────────────────────────────────   12%
rate 0.014494   momentum 0.93551        loss 0.4233  log scale
   ▃█                                   █▄
▁▂▅██                                   ███▃▁""",
    120: """\

        learning                                     val       val
epoch       rate  momentum     loss  accuracy       loss  accuracy    time     phase
────────────────────────────────────────────────────────────────────────────────────
 1/10  0.0094466   0.94055  27780.4    0.5000  7.702e-07    1.0000   1.20s  *  rise
 2/10   0.014494   0.93551   0.6017    0.7994                                  rise
* best val_accuracy so far

rise  epoch 2/10  step 125/1,000  ETA 9s  12,800 examples/s
━━━━━━━━━━━───────────────────────────────────────────────────────────────────────────────────   12%
rate 0.014494   momentum 0.93551                  loss 0.4233  log scale  0.4825 to 2.2319
    ▃█                                            █▅▁
▁▁▄▇██                                            ███▆▃▁""",
}
"""Within the second epoch; the first had figures that are long to write."""

TABLE = {
    40: """\


       learning             val
epoch      rate    loss    loss   phase
───────────────────────────────────────
  2/3   0.07585  0.2557  0.1726   fall
  plateau: rate x0.5; val_loss 0.0812,
    best 0.0712, wait 3
  3/3 0.0001109  0.0989  0.0810 * final
* best val_accuracy so far""",
    80: """\


       learning                               val      val
epoch      rate momentum    loss accuracy    loss accuracy   time   phase
─────────────────────────────────────────────────────────────────────────
  1/3   0.07404  0.87596  1.0146   0.7994  0.5415   0.8496  1.20s * rise
  2/3   0.07585  0.87415  0.2557   0.9361  0.1726   0.9521  1.20s   fall
  plateau: rate x0.5; val_loss 0.0812, best 0.0712, wait 3
  3/3 0.0001109  0.94989  0.0989   0.9700  0.0810   0.9775  1.20s * final
* best val_accuracy so far""",
    120: """\


        learning                                   val       val
epoch       rate  momentum     loss  accuracy     loss  accuracy    time     phase
──────────────────────────────────────────────────────────────────────────────────
  1/3    0.07404   0.87596   1.0146    0.7994   0.5415    0.8496   1.20s  *  rise
  2/3    0.07585   0.87415   0.2557    0.9361   0.1726    0.9521   1.20s     fall
  plateau: rate x0.5; val_loss 0.0812, best 0.0712, wait 3
  3/3  0.0001109   0.94989   0.0989    0.9700   0.0810    0.9775   1.20s  *  final
* best val_accuracy so far""",
}
"""What stays."""


def lines_of(*arguments: object, width: int) -> str:
    stage = live_view.waiting(Stage(stage="compile", message="compiling"), 0.0, width) if not arguments else None
    lines = live_view.training(training(10, *arguments), stage, width, 24)  # type: ignore[arg-type]
    assert max(line.cell_len for line in lines) <= width
    return "\n".join(line.plain.rstrip() for line in lines)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_first_frame_has_all_columns(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    assert lines_of(width=width) == FIRST[width]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_an_epoch_under_way_has_its_training_metrics(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    figures = {"loss": 27780.4, "accuracy": 0.5, "val_loss": 7.702e-07, "val_accuracy": 1.0}
    events = [*(call(0, part, 1000) for part in range(4)), ended(0, 1000, metrics=figures), call(1, 0, 1000)]
    assert lines_of(*events, width=width) == MIDDLE[width]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_that_stays(width: int) -> None:
    screen = show(*whole_run(3, "plateau"), width=width)
    assert TABLE[width] in screen.text
    assert [line for line in screen.overflowed if not line.startswith("runs/")] == []
