"""``recipe track``: a run that trained without a tracker is written for one later."""

from pathlib import Path

from tests.lookback.conftest import Recipe


def test_the_record_is_written_into_an_empty_folder(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    (base / "digits_warmup_cosine/20260101-020000-33333333/resolved.yaml").write_text(
        (base / "digits_warmup_cosine/20260101-020000-33333333/recipe.yaml").read_text()
    )
    done = recipe("track", "latest", "--output", tmp_path / "logs")
    assert done.exit_code == 0, done.output
    assert "tensorboard --logdir" in done.stderr
    (events,) = (tmp_path / "logs").iterdir()
    assert events.read_bytes().count(b"step/learning_rate") == 60
    assert b"schedule.kind" in events.read_bytes()
    again = recipe("track", "latest", "--output", tmp_path / "logs")
    assert (again.exit_code, "already exists" in again.stderr) == (2, True)
    (base / "digits_warmup_cosine/20260101-020000-33333333/tensorboard").symlink_to(tmp_path / "elsewhere")
    assert recipe("track", "latest").exit_code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_commands_in_messages_are_as_a_shell_takes_them(base: Path, recipe: Recipe) -> None:
    spaced = base.rename(base.with_name("my runs")) / "digits_phases/20260101-000000-abcdef01"
    (spaced / "resolved.yaml").write_text((spaced / "recipe.yaml").read_text())
    assert f"`tensorboard --logdir '{spaced}/tensorboard'`" in recipe("track", spaced).stderr
    record = spaced / "events.jsonl"
    record.write_text(record.read_text().replace('"status":"finished"', '"status":"diverged"'))
    assert f"`recipe show '{spaced}'` says what happened" in recipe("verify", spaced).stderr
    record.write_text("\n".join(record.read_text().splitlines()[:-1]) + "\n")
    assert f"`recipe resume '{spaced}'` continues it" in recipe("verify", spaced).stderr
    assert f"`recipe resume '{spaced}'` continues it" in recipe("watch", spaced).stderr
    (spaced / "evaluation-test.safetensors").write_bytes(b"none")
    assert f"`recipe evaluate '{spaced}'` makes it again" in recipe("report", spaced).stderr
