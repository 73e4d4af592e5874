"""Who gets which display."""

import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from runner.events import Event, FallbackUsed, Warned
from runner.sinks.console import make_console_sink
from runner.sinks.fan_out import fan_out
from tests.sinks.script import finished, whole_run


class Terminal(StringIO):
    """A stream that says that it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Latin(Terminal):
    encoding = "iso8859-1"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CI", "NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def output(stream: StringIO, **options: Any) -> str:
    chosen = {"progress": "auto", "quiet": False, "color": "auto", **options}
    sink = make_console_sink(chosen.pop("progress"), stderr=stream, **chosen)
    for event in whole_run(2):
        sink(event)
    sink.close()
    return stream.getvalue()


def set_all(monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)


GREEN, HIDE_CURSOR = "\x1b[32m", "\x1b[?25l"


def test_a_terminal_gets_the_live_display() -> None:
    text = output(Terminal())
    assert HIDE_CURSOR in text
    assert GREEN in text


@pytest.mark.parametrize(
    ("stream", "environ", "options"),
    [
        (StringIO, {}, {}),
        (StringIO, {}, {"progress": "live", "color": "always"}),
        (Terminal, {"CI": "true"}, {}),
        (Terminal, {"TERM": "dumb"}, {"progress": "live"}),
        (Terminal, {"TERM": ""}, {}),
        (Terminal, {}, {"progress": "plain", "color": "always"}),
        (Latin, {}, {}),
    ],
    ids=["pipe", "live pipe", "CI", "dumb", "no TERM", "asked for", "not Unicode"],
)
def test_everything_else_gets_plain_lines(
    stream: type[StringIO], environ: dict[str, str], options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, environ)
    text = output(stream(), **options)
    assert "\x1b" not in text
    assert text.count("learning_rate") == 1


def test_live_can_be_asked_for_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert HIDE_CURSOR in output(Terminal(), progress="live")


@pytest.mark.parametrize(
    ("environ", "color", "colored"),
    [
        ({"NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": ""}, "auto", True),
        ({"NO_COLOR": "1"}, "always", True),
        ({}, "never", False),
    ],
)
def test_color(environ: dict[str, str], color: str, colored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, environ)
    assert (GREEN in output(Terminal(), color=color)) is colored


@pytest.mark.parametrize("options", [{"progress": "none"}, {"quiet": True}, {"quiet": True, "progress": "live"}])
def test_a_quiet_run_that_ends_well_says_nothing(options: Any) -> None:
    assert output(Terminal(), **options) == ""


def test_a_quiet_run_still_warns_and_fails_aloud() -> None:
    stream = StringIO()
    sink = make_console_sink("none", quiet=False, color="auto", stderr=stream)
    sink(Warned(message="labels are\x1b[0m uneven"))
    sink(FallbackUsed(wanted="tfds mnist", used="builtin mnist-5k", reason="no network"))
    sink(finished(1, status="diverged", message="loss is nan at step 1"))
    assert stream.getvalue().splitlines() == [
        r"warning   labels are\x1b[0m uneven",
        "fallback  training on builtin mnist-5k instead of tfds mnist: no network",
        "result    diverged: loss is nan at step 1",
    ]


def test_a_reader_that_went_away_does_not_end_the_run() -> None:
    class Broken(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    sink = make_console_sink("plain", quiet=False, color="auto", stderr=Broken())
    sink(Warned(message="nobody reads this"))
    sink(Warned(message="nor this"))
    sink.close()


def test_plain_displays_do_not_import_rich() -> None:
    code = (
        "import sys; from runner.sinks.console import make_console_sink;"
        "make_console_sink('plain', quiet=False, color='auto', stderr=sys.stderr);"
        "sys.exit('rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_fan_out_tells_every_sink_in_order() -> None:
    heard: list[tuple[str, Event]] = []
    event = Warned(message="x")
    fan_out([lambda e: heard.append(("a", e)), lambda e: heard.append(("b", e))])(event)
    assert heard == [("a", event), ("b", event)]


def test_a_sink_that_fails_does_not_keep_the_event_from_the_others() -> None:
    heard: list[Event] = []

    def full(event: Event) -> None:
        raise OSError("disk full")

    def broken(event: Event) -> None:
        raise ValueError("closed")

    with pytest.raises(OSError, match="disk full") as caught:
        fan_out([full, broken, heard.append])(Warned(message="x"))
    assert len(heard) == 1
    assert caught.value.__notes__ == ["another sink failed too: ValueError: closed"]
