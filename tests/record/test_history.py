"""The executed curve."""

import json
import tracemalloc
from dataclasses import replace
from io import StringIO
from itertools import pairwise
from math import nan
from pathlib import Path

import pytest
from rich.console import Console

from runner.events import Event, PhaseRow, Steps
from runner.record import history
from runner.record.events_file import EventsWriter
from runner.record.history import HistoryRow, history_rows
from runner.record.history_forms import as_table
from tests.sinks.script import started


def record(path: Path, *events: Event) -> Path:
    with EventsWriter(path / "events.jsonl") as writer:
        for event in events:
            writer(event)
    return path / "events.jsonl"


def steps(first: int, count: int, *, epoch: int = 0, loss: float = 0.5, momentum: float | None = 0.9) -> Steps:
    return Steps(
        first_step=first,
        epoch=epoch,
        learning_rate=tuple(0.1 + step for step in range(first, first + count)),
        momentum=None if momentum is None else (momentum,) * count,
        loss=(loss,) * count,
        examples=count,
        seconds=1.0,
    )


PHASES = (PhaseRow(name="rise", start=0, stop=2), PhaseRow(name="-fall", start=2, stop=4))

CSV = """\
step,epoch,phase,learning_rate,momentum,loss
0,1,rise,0.1,0.9,0.5
1,1,rise,1.1,0.9,0.5
2,2,'-fall,2.1,0.9,0.25
3,2,'-fall,3.1,0.9,0.25
4,2,,4.1,0.9,0.25
"""


def csv_of(path: Path) -> str:
    out = StringIO()
    history.write_csv(history_rows(path), out)
    return out.getvalue()


def test_csv(tmp_path: Path) -> None:
    path = record(tmp_path, started(2, phases=PHASES), steps(0, 2), steps(2, 3, epoch=1, loss=0.25))
    assert csv_of(path) == CSV


def test_float32_values_keep_their_shortest_form(tmp_path: Path) -> None:
    event = Steps(
        first_step=0, epoch=0, learning_rate=(0.0030000001,), momentum=(0.85,), loss=(1e-05,), examples=1, seconds=1.0
    )
    path = record(tmp_path, started(1), event)
    assert csv_of(path).splitlines()[1] == "0,1,rise,0.0030000001,0.85,1e-05"


def test_a_momentum_that_does_not_exist_is_an_empty_cell(tmp_path: Path) -> None:
    path = record(tmp_path, started(1), steps(0, 1, momentum=None))
    assert csv_of(path).splitlines()[1] == "0,1,rise,0.1,,0.5"


def test_a_driven_weight_decay_is_the_last_column_of_every_form(tmp_path: Path) -> None:
    path = record(tmp_path, started(1), replace(steps(0, 2), weight_decay=(0.0, 0.01)))
    assert csv_of(path).splitlines() == [
        "step,epoch,phase,learning_rate,momentum,loss,weight_decay",
        "0,1,rise,0.1,0.9,0.5,0.0",
        "1,1,rise,1.1,0.9,0.5,0.01",
    ]
    out = StringIO()
    history.write_json(history_rows(path), out)
    assert [row["weight_decay"] for row in json.loads(out.getvalue())] == [0.0, 0.01]
    assert [column.header for column in history.history_table(history_rows(path)).columns][-1] == "weight_decay"


def test_without_a_driven_weight_decay_no_form_has_the_column(tmp_path: Path) -> None:
    path, out = record(tmp_path, started(1), steps(0, 2)), StringIO()
    history.write_json(history_rows(path), out)
    assert list(json.loads(out.getvalue())[0])[-1] == "loss"
    assert [column.header for column in history.history_table(history_rows(path)).columns][-1] == "loss"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "=\x1b"])
def test_text_that_a_spreadsheet_would_calculate_is_quoted(tmp_path: Path, name: str) -> None:
    path = record(tmp_path, started(1, phases=(PhaseRow(name=name, start=0, stop=9),)), steps(0, 1))
    cell = csv_of(path).splitlines()[1].split(",")[2]
    assert cell.startswith("'")
    assert "\x1b" not in cell


def losses(path: Path) -> list[tuple[int, float]]:
    return [(row.step, row.loss) for row in history_rows(path)]


def test_after_a_resume_the_steps_of_the_model_that_went_on_count(tmp_path: Path) -> None:
    path = record(
        tmp_path, started(1), steps(0, 4, loss=1), steps(4, 4, loss=1), started(1, resumed_at=2), steps(2, 4, loss=2)
    )
    assert losses(path) == [(0, 1), (1, 1), (2, 2), (3, 2), (4, 2), (5, 2)]


def test_a_resume_from_an_earlier_step_than_the_one_before_drops_both(tmp_path: Path) -> None:
    path = record(
        tmp_path,
        started(1),
        steps(0, 6, loss=1),
        started(1, resumed_at=4),
        steps(4, 4, loss=2),
        started(1, resumed_at=2),
        steps(2, 3, loss=3),
    )
    assert losses(path) == [(0, 1), (1, 1), (2, 3), (3, 3), (4, 3)]


def test_a_resume_that_did_no_step_yet_does_not_bring_dropped_ones_back(tmp_path: Path) -> None:
    path = record(tmp_path, started(1), steps(0, 4), started(1, resumed_at=2))
    assert [step for step, _ in losses(path)] == [0, 1]


def test_phases_are_those_of_the_session(tmp_path: Path) -> None:
    new = (PhaseRow(name="new", start=0, stop=9),)
    path = record(tmp_path, started(1, phases=PHASES), steps(0, 2), started(1, phases=new, resumed_at=1), steps(1, 1))
    assert [row.phase for row in history_rows(path)] == ["rise", "new"]


def test_json(tmp_path: Path) -> None:
    path = record(tmp_path, started(1, phases=PHASES), steps(0, 1), steps(1, 1, loss=nan, momentum=None))
    out = StringIO()
    history.write_json(history_rows(path), out)
    assert json.loads(out.getvalue(), parse_constant=pytest.fail) == [
        {"step": 0, "epoch": 1, "phase": "rise", "learning_rate": 0.1, "momentum": 0.9, "loss": 0.5},
        {"step": 1, "epoch": 1, "phase": "rise", "learning_rate": 1.1, "momentum": None, "loss": None},
    ]


def test_json_of_nothing_is_an_empty_array() -> None:
    out = StringIO()
    history.write_json([], out)
    assert json.loads(out.getvalue()) == []


def rows(count: int) -> list[HistoryRow]:
    return [HistoryRow(step, 1, "[b]\x1b", 0.1, None, 0.5) for step in range(count)]


def test_every_takes_multiples_and_the_last() -> None:
    assert [row.step for row in history.every(rows(10), 4)] == [0, 4, 8, 9]
    assert [row.step for row in history.every(rows(9), 4)] == [0, 4, 8]
    assert list(history.every([], 4)) == []
    with pytest.raises(ValueError, match="stride: must be at least 1, got 0"):
        list(history.every(rows(1), 0))


@pytest.mark.parametrize("count", [0, 1, 40, 80, 81, 1000, 12345])
def test_thinning_keeps_first_and_last_and_an_even_distance(count: int) -> None:
    kept = [row.step for row in history.thinned(rows(count))]
    assert len(kept) == count if count <= 80 else 40 <= len(kept) <= 82
    assert kept[:1] == list(range(count))[:1]
    assert kept[-1:] == list(range(count))[-1:]
    assert len({after - before for before, after in pairwise(kept[:-1])}) <= 1


def test_the_table_shows_hostile_names_inert() -> None:
    console = Console(file=StringIO(), width=80, force_terminal=True, color_system=None, _environ={})
    console.print(history.history_table(rows(2)))
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert lines[0].split() == ["step", "epoch", "phase", "learning_rate", "momentum", "loss"]
    assert lines[1].split() == ["0", "1", r"[b]\x1b", "0.1", "–", "0.5"]


def test_the_table_is_thinned_unless_told_otherwise() -> None:
    assert history.history_table(rows(1000)).row_count == len(history.thinned(rows(1000)))
    assert history.history_table(rows(100), thin=False).row_count == 100


def test_a_long_run_is_streamed(tmp_path: Path) -> None:
    calls = (steps(first, 500) for first in range(0, 50_000, 500))
    path = record(tmp_path, started(500), *calls)
    tracemalloc.start()
    count = sum(1 for _ in history_rows(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 1_000_000


HEADING = ("epoch", "steps", "phase", "learning_rate", "momentum", "loss", "accuracy", "val_loss", "seconds", "best")
EPOCH = (1, 40, "constant", 7.702e-06, 0.9, 1.4464, 0.51392, 12345.678, 0.019474, True)


@pytest.mark.parametrize(
    ("width", "left_out"),
    [
        (None, ()),
        (100, ()),
        (70, ("steps", "seconds", "best")),
        (40, ("steps", "phase", "momentum", "accuracy", "seconds", "best")),
    ],
)
def test_a_narrow_table_leaves_columns_out_and_cuts_no_figure(width: int | None, left_out: tuple[str, ...]) -> None:
    table = as_table(HEADING, [EPOCH], width)
    out = StringIO()
    Console(width=width or 300, file=out, markup=False).print(table)
    shown = out.getvalue()
    assert tuple(column.header for column in table.columns) == tuple(name for name in HEADING if name not in left_out)
    assert "…" not in shown
    assert all(figure in shown.split() for figure in ("7.702e-06", "12345.678", "1.4464"))
    assert (f"too narrow for: {', '.join(left_out)}" in " ".join(shown.split())) == bool(left_out)


def test_what_else_curves_drive_are_columns_after_the_others(tmp_path: Path) -> None:
    driven = [{"factor_base": (0.0, 0.5), "dropout_factor": (1.0, 0.25)}, {"factor_base": (1.0,)}]
    path = record(
        tmp_path,
        started(2, phases=PHASES),
        replace(steps(0, 2), driven=driven[0]),
        replace(steps(2, 1, epoch=1), driven=driven[1]),
    )
    assert csv_of(path).splitlines() == [
        "step,epoch,phase,learning_rate,momentum,loss,factor_base,dropout_factor",
        "0,1,rise,0.1,0.9,0.5,0.0,1.0",
        "1,1,rise,1.1,0.9,0.5,0.5,0.25",
        "2,2,'-fall,2.1,0.9,0.5,1.0,",
    ]
    out = StringIO()
    history.write_json(history_rows(path), out)
    assert json.loads(out.getvalue())[1]["dropout_factor"] == 0.25
    with_decay = replace(steps(0, 2), driven=driven[0], weight_decay=(0.1, 0.2))
    (tmp_path / "again").mkdir()
    again = record(tmp_path / "again", started(2, phases=PHASES), with_decay)
    assert csv_of(again).splitlines()[1] == "0,1,rise,0.1,0.9,0.5,0.1,0.0,1.0"
