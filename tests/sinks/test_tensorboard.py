"""Event files of TensorBoard: read back by TensorFlow and by TensorBoard's own reader."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runner.errors import NotPlain
from runner.events import EpochEnded, Event, RunEnded, Steps, Warned
from runner.record.repeat_note import RepeatNote
from runner.sinks.tracking import event_protos as protos
from runner.sinks.tracking.lenient import Lenient
from runner.sinks.tracking.step_records import step_records
from runner.sinks.tracking.tensorboard import TensorBoardSink, as_number
from runner.status import Status
from tests.sinks.script import started, whole_run

PARAMETERS: dict[str, protos.Scalar] = {"optimizer.kind": "sgd", "schedule.max_lr": 0.1, "data.center": False}


def script(run: Path) -> list[Event]:
    begun, *rest = whole_run(3)
    return [replace(begun, run_dir=str(run)), *rest]  # type: ignore[call-arg]


def written(run: Path, given: list[Event]) -> Path:
    sink = TensorBoardSink(PARAMETERS)
    for event in given:
        sink(event)
    sink.close()
    return run / "tensorboard"


def read_back(folder: Path) -> list[Any]:
    """Events by TensorFlow, which checks both checksums of every record."""
    tf = pytest.importorskip("tensorflow")
    found = []
    for path in sorted(folder.iterdir()):
        for data in tf.data.TFRecordDataset([str(path)]):
            found.append(tf.compat.v1.Event.FromString(data.numpy()))
    return found


def test_the_checksum_is_that_of_tfrecord_files() -> None:
    # RFC 3720, B.4: the CRC-32C of 32 zeros is 0x8a9136aa
    assert protos.masked(protos.crc(bytes(32))) == (((0x8A9136AA >> 15) | (0x8A9136AA << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def test_tensorflow_reads_what_the_events_say(tmp_path: Path) -> None:
    given = script(tmp_path)
    found = read_back(written(tmp_path, given))
    assert found[0].file_version == "brain.Event:2"
    values = {(event.step, value.tag): value.simple_value for event in found for value in event.summary.value}
    for event in given:
        match event:
            case Steps():
                for step, rate, loss in zip(
                    range(event.first_step, 10**9), event.learning_rate, event.loss, strict=False
                ):
                    assert values[step, "step/learning_rate"] == pytest.approx(rate, rel=1e-6)
                    assert values[step, "step/loss"] == pytest.approx(loss, rel=1e-6)
            case EpochEnded():
                assert values[event.step, "epoch/val_loss"] == pytest.approx(event.metrics["val_loss"], rel=1e-6)
            case RunEnded():
                for name, value in event.metrics.items():
                    assert values[event.steps, f"final/{name}"] == pytest.approx(value, rel=1e-6)
            case _:
                pass
    steps = [event for event in given if isinstance(event, Steps)]
    assert sum(tag == "step/loss" for _, tag in values) == sum(len(event.loss) for event in steps) > 100
    assert found[2].wall_time == steps[0].time


@pytest.mark.parametrize("first", [0, 100, 16_300, (1 << 21) - 3, (1 << 35) - 40])
def test_steps_at_once_are_the_records_of_each(first: int) -> None:
    """Also where the number of a step takes one byte more, and with what is no number of float32."""
    random = np.random.default_rng(first)
    values: list[list[float | None]] = random.normal(scale=1e30, size=(3, 60)).tolist()
    values[0][5], values[1][30], values[2][59], values[2][58] = None, float("nan"), 1e300, float("-inf")
    tags = ["step/loss", "step/learning_rate", "step/größe"]
    each = [
        protos.record(protos.scalars(1.7e9, step, zip(tags, map(as_number, row), strict=True)))
        for step, row in enumerate(zip(*values, strict=True), first)
    ]
    assert step_records(1.7e9, first, tags, values) == b"".join(each)
    assert step_records(1.7e9, first, tags, [[], [], []]) == b""


def test_a_run_that_does_not_train_leaves_nothing(tmp_path: Path) -> None:
    assert not written(tmp_path, script(tmp_path)[:1]).exists()


def test_a_folder_that_leads_elsewhere_is_refused_and_stops_no_run(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run" / "tensorboard").symlink_to(tmp_path / "elsewhere")
    given = script(tmp_path / "run")
    with pytest.raises(NotPlain):
        written(tmp_path / "run", given)
    said: list[Event] = []
    tracker = Lenient(TensorBoardSink(PARAMETERS), "tensorboard", said.append)
    for event in given:
        tracker(event)
    (warned,) = said
    assert isinstance(warned, Warned)
    assert warned.message.startswith("tracking: tensorboard gets nothing more of this run: ")
    assert warned.message.endswith(f"`recipe track {tmp_path / 'run'} --to tensorboard --output FOLDER` sends the rest")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_odd_numbers_are_written(tmp_path: Path) -> None:
    epoch = next(event for event in script(tmp_path) if isinstance(event, EpochEnded))
    odd = replace(epoch, metrics={"loss": float("nan"), "accuracy": 1e300, "\udcff": -1e300})
    values = {
        v.tag: v.simple_value for e in read_back(written(tmp_path, [script(tmp_path)[0], odd])) for v in e.summary.value
    }
    assert values["epoch/loss"] != values["epoch/loss"]
    assert (values["epoch/accuracy"], values[r"epoch/\udcff"]) == (float("inf"), float("-inf"))


def test_the_client_of_tensorboard_has_curves_parameters_and_no_step_twice(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams import plugin_data_pb2

    whole = script(tmp_path)
    first, second = whole[: len(whole) // 2], whole
    begun = replace(started(3), run_dir=str(tmp_path), resumed_at=100, time=whole[0].time + 60)
    later = [event for event in second[1:] if not (isinstance(event, Steps) and event.first_step < 100)]
    written(tmp_path, first)
    folder = written(tmp_path, [begun, *later])
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    accumulator.Reload()
    steps = [scalar.step for scalar in accumulator.Scalars("step/loss")]
    assert steps == list(range(300))
    content = accumulator.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    info = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
    assert info.hparams["optimizer.kind"].string_value == "sgd"
    assert info.hparams["schedule.max_lr"].number_value == 0.1
    assert info.group_name == started(3).fingerprint
    end = accumulator.SummaryMetadata("_hparams_/session_end_info").plugin_data.content
    assert plugin_data_pb2.HParamsPluginData.FromString(end).session_end_info.status == 1


def test_the_tab_of_hyperparameters_has_the_runs_with_their_recipes_results_and_ends(tmp_path: Path) -> None:
    ends: dict[str, Status] = {"a": "finished", "b": "diverged", "c": "interrupted"}
    for name, status in ends.items():
        (tmp_path / name).mkdir()
        *given, end = script(tmp_path / name)
        written(tmp_path / name, [*given, replace(end, status=status)])  # type: ignore[call-arg]
    (group,) = tab(tmp_path)
    assert {session.name: session.status for session in group.sessions} == {
        "a/tensorboard": 1, "b/tensorboard": 2, "c/tensorboard": 2
    }  # fmt: skip
    assert group.hparams["recipe"].string_value == "mnist_1cycle"
    assert group.hparams["schedule.max_lr"].number_value == 0.1
    values = {found.name.tag: found.value for found in group.metric_values}
    assert values["final/test_accuracy"] == pytest.approx(0.9841)


def test_the_tab_has_trials_side_by_side_and_the_seeds_of_one_recipe_in_a_row_with_their_mean(tmp_path: Path) -> None:
    """Trials differ in a parameter, and seeds do not but for the seed."""
    trials, seeds = {"a": 0.1, "b": 0.2}, {"c": 0.25, "d": 0.75}
    for name, rate in trials.items():
        _session(tmp_path / name, {**PARAMETERS, "schedule.max_lr": rate}, 10 * rate)
    for number, (name, loss) in enumerate(seeds.items()):
        (tmp_path / name).mkdir()
        RepeatNote("20260101-000000-0a1b2c3d", f"seed {number}", 2).write(tmp_path / name)
        _session(tmp_path / name, {**PARAMETERS, "schedule.max_lr": 0.3}, loss)
    found = {group.hparams["schedule.max_lr"].number_value: group for group in tab(tmp_path)}
    values = {rate: value for rate, group in found.items() for value in group.metric_values}
    assert {rate: [session.name for session in group.sessions] for rate, group in found.items()} == {
        0.1: ["a/tensorboard"], 0.2: ["b/tensorboard"], 0.3: ["c/tensorboard", "d/tensorboard"]
    }  # fmt: skip
    assert {rate: value.value for rate, value in values.items()} == {0.1: 1.0, 0.2: 2.0, 0.3: 0.5}
    assert "seed" in found[0.1].hparams
    assert "seed" not in found[0.3].hparams


def _session(run: Path, parameters: dict[str, protos.Scalar], loss: float) -> None:
    """A run with its own fingerprint of which only the end is known."""
    run.mkdir(exist_ok=True)
    begun, *_, end = script(run)
    fingerprint = f"{ord(run.name):064x}"
    sink = TensorBoardSink(parameters)
    for event in (replace(begun, fingerprint=fingerprint), replace(end, metrics={"val_loss": loss})):  # type: ignore[call-arg]
        sink(event)


def tab(folder: Path) -> list[Any]:
    """The groups that TensorBoard's tab HPARAMS has of the runs in a folder."""
    from tensorboard import context
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(folder))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(folder))
    asked = api_pb2.ListSessionGroupsRequest(
        slice_size=10, allowed_statuses=[1, 2], include_metrics=True, aggregation_type=api_pb2.AGGREGATION_AVG
    )
    shown = backend_context.Context(TBContext(data_provider=provider))
    return list(list_session_groups.Handler(context.RequestContext(), shown, "", asked).run().session_groups)
