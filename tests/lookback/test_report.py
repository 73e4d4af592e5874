"""The report: one file that needs no network, runs nothing, and says nothing but what the record has."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from runner.lookback.recorded_run import read_past
from runner.lookback.report import render
from runner.lookback.run_facts import phases
from runner.views.plan_phases import steps_text
from tests.lookback.conftest import Recipe
from tests.lookback.written import Written, write

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ALLOWED = (
    "html head meta title style body main h1 h2 p span ul li b dl dt dd div table thead tbody tr th td figure "
    "figcaption svg line rect text polyline details summary pre wbr"
)


class Elements(HTMLParser):
    """Tags, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def page_of(run: Path) -> str:
    return render([read_past(run)])


def test_a_report_goes_into_the_run_and_its_path_to_stdout(base: Path, recipe: Recipe) -> None:
    done = recipe("report", "latest~2")
    path = base / "digits_phases/20260101-000000-abcdef01/report.html"
    assert (done.exit_code, done.stdout) == (0, f"{path.relative_to(base.parent)}\n")
    assert path.read_text().startswith("<!doctype html>")
    assert [file.name for file in path.parent.glob(".tmp*")] == []


def test_a_report_that_cannot_be_written_leaves_the_old_one(base: Path, recipe: Recipe) -> None:
    path = base / "digits_phases/20260101-000000-abcdef01/report.html"
    path.mkdir()
    done = recipe("report", "latest~2")
    assert done.exit_code == 2
    assert f"{path.relative_to(base.parent)} is a directory: a run is a folder of plain files" in done.stderr
    assert path.is_dir()
    assert [file.name for file in path.parent.glob(".tmp*")] == []


def test_where_no_report_can_be_written_another_place_is_named(base: Path, recipe: Recipe) -> None:
    Path("folder").mkdir()
    done = recipe("report", "latest", "--output", "folder")
    assert done.exit_code == 2
    assert done.stderr == (
        "error: the report cannot be written: folder: Is a directory\n  = help: --output FILE names another place\n"
    )


def test_a_report_asks_nobody_for_anything_and_runs_nothing(base: Path) -> None:
    page = page_of(base / "digits_phases/20260101-000000-abcdef01")
    found = Elements(page)
    assert found.tags <= set(ALLOWED.split())
    assert not {name for name, _ in found.attributes} & {"src", "href", "style", "srcset", "action", "background"}
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(value for name, value in found.attributes if name == "content" and "default-src" in value)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_report_is_light_and_dark(base: Path) -> None:
    style = page_of(base / "digits_phases/20260101-000000-abcdef01").split("<style>")[1].split("</style>")[0]
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    assert "--paper: #ffffff" in light
    assert "--paper: #12161b" in dark


EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script></style></svg>{{ 7 * 7 }}{% raw %}&lt;\x1b[2J\u202e"


def test_nothing_that_a_run_holds_becomes_markup(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    evil = json.dumps(EVIL)[1:-1]
    text = (folder / "events.jsonl").read_text()
    for word in ("digits_phases", "warm up", "builtin digits 1", "2 threads", "test_accuracy", ">= 0.9", "val_loss"):
        text = text.replace(json.dumps(word), f'"{word}{evil}"')
    lines = text.splitlines()
    lines.insert(2, json.dumps({"event": "warned", "time": 1.0, "message": EVIL}))
    (folder / "events.jsonl").write_text("\n".join(lines) + "\n")
    lock = json.loads((folder / "lock.json").read_text())
    lock["packages"][EVIL], lock["host"][EVIL] = EVIL, EVIL
    (folder / "lock.json").write_text(json.dumps(lock))
    (folder / "recipe.yaml").write_text(f"# {EVIL}\n" + "\udcff\n".encode("utf-8", "surrogateescape").decode("latin-1"))
    other = base / "digits_phases/20260101-010000-22222222"
    for page in (page_of(folder), render([read_past(folder), read_past(other)])):
        found = Elements(page)
        assert found.tags <= set(ALLOWED.split())
        assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
        assert not set(page) & {"\x1b", "\u202e"}
        assert any("{{ 7 * 7 }}" in text for text in found.texts)


def test_every_number_of_the_methods_paragraph_is_in_the_record(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    found = Elements(page_of(folder))
    methods = next(text for text in found.texts if text.startswith("The recipe"))
    assert methods.startswith("The recipe digits_phases was trained on builtin digits 1 (1,257 train")
    record = (folder / "events.jsonl").read_text() + (folder / "lock.json").read_text()
    numbers = {float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", record)}
    said = re.findall(
        r"(?<![\w.])\d[\d,]*(?:\.\d+)*(?:e-?\d+)?",
        methods.replace("recipe-runner 0.1.0", "").replace("2.21.0", "").replace("3.15.1", ""),
    )
    assert len(said) > 20
    for text in said:
        value = float(text.rstrip(",").replace(",", ""))
        # to as many digits as are written; epochs count from 1 on paper, steps go up to the one before the next phase,
        # and 0 is the difference from the plan
        near = [number for number in (*numbers, 0.0) if abs(number - value) <= 5e-5 * max(1, abs(value))]
        assert near or {value - 1, value + 1} & numbers, text


def test_what_differs_from_the_plan_is_said(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    assert "the largest difference from the planned learning rate is 0." in page_of(folder)
    path = folder / "events.jsonl"
    path.write_text(path.read_text().replace('"learning_rate":[0.005,', '"learning_rate":[0.105,'))
    assert "the largest difference from the planned learning rate is 0.1" in page_of(folder)


def test_planned_and_executed_curves_are_drawn_over_the_phases(base: Path) -> None:
    page = page_of(base / "digits_phases/20260101-000000-abcdef01")
    found = Elements(page)
    for title in ("learning rate", "momentum", "loss", "loss by epoch", "accuracy by epoch"):
        assert title in found.texts
    assert page.count('<polyline class="planned"') == 2
    assert ("class", "phase") in found.attributes
    planned, executed = re.findall(r'<polyline class="(?:planned|line-1)" points="([^"]+)"', page)[:2]
    assert planned == executed


def test_values_of_the_command_line_stand_above_the_recipe_that_does_not_have_them(base: Path) -> None:
    folder = base / "digits_phases/20260101-010000-22222222"
    lock = json.loads((folder / "lock.json").read_text())
    origins = {"seed": "--set seed", "optimizer.nesterov": "--set optimizer.nesterov", "data.name": "a.yaml:3"}
    (folder / "lock.json").write_text(json.dumps({**lock, "origins": origins}))
    said = re.sub("<.*?>", "", page_of(folder)).split("In place of what the file says: ")[1]
    assert said.startswith("seed 7, optimizer.nesterov false.")


def test_the_first_epochs_do_not_squeeze_the_others(base: Path) -> None:
    page = page_of(write(base, "20260201-000000-cccccccc", Written(epochs=20)))
    assert "epochs 1 to 2 are off the scale" in page.split("<b>accuracy by epoch</b>")[1].split("</figcaption>")[0]


def test_a_run_that_diverged_at_once_has_its_loss_over_its_own_steps(base: Path) -> None:
    whole = write(base, "20260201-000000-aaaaaaaa", Written(epochs=10))
    early = write(base, "20260201-000000-bbbbbbbb", Written(epochs=10, done=1, status="diverged"))
    events = (early / "events.jsonl").read_text()
    (early / "events.jsonl").write_text(events.replace('"steps":100,"seconds_total"', '"steps":10,"seconds_total"'))
    for folder, ticks in ((whole, ["0", "20"]), (early, ["0", "2"])):
        chart = page_of(folder).split("<b>loss</b>")[1].split("</figure>")[0]
        assert re.findall(r'tick middle"[^>]*>([^<]+)<', chart)[:2] == ticks


def test_the_recipe_stands_as_written_and_goes_on_below_where_a_line_began(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    written = "model:\n  layers:\n    - {kind: dense, units: 16}\n\n# a < b"
    (folder / "recipe.yaml").write_text(f"{written}\n")
    shown = page_of(folder).split("<pre>")[1].split("</pre>")[0]
    assert html.unescape(re.sub("<[^>]*>", "", shown)) == f"{written}\n"
    assert re.findall(r"in-\d+", shown) == ["in-0", "in-2", "in-4", "in-0", "in-0"]


def test_a_run_whose_lock_has_no_recipe_is_reported_without_a_plan(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    (folder / "lock.json").unlink()
    (folder / "recipe.yaml").unlink()
    page = page_of(folder)
    assert "The planned curve is not drawn" in page
    assert '<polyline class="planned"' not in page
    assert "<h2>Recipe</h2>" not in page


def test_several_runs_are_compared_first(base: Path, recipe: Recipe) -> None:
    done = recipe("report", "latest~2", "latest~1", "latest", "--output", "all.html")
    assert (done.exit_code, done.stdout) == (0, "all.html\n")
    found = Elements(Path("all.html").read_text())
    assert found.texts.index("What differs") < found.texts.index("What came out") < found.texts.index("Summary")
    assert "optimizer.nesterov" in "".join(found.texts)  # a line may break after its dot
    assert "share of the run" in found.texts


def test_a_long_run_makes_a_short_report(base: Path) -> None:
    folder = write(base, "20260201-000000-aaaaaaaa", Written(epochs=2000))
    page = page_of(folder)
    assert len(page) < 200_000
    assert Elements(page).texts.count("best") <= 62


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on disk."""
    folder = write(tmp_path_factory.mktemp("browser") / "runs")
    (folder / "report.html").write_text(page_of(folder))
    return folder / "report.html"


def chromium(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """A real browser, without a window."""
    assert CHROMIUM is not None
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr")
    profile = f"--user-data-dir={Path(str(arguments[-1]).removeprefix('file://')).parent / 'profile'}"
    return subprocess.run(
        [CHROMIUM, *options, profile, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=True
    )


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")


@needs_chromium
@pytest.mark.parametrize(("scheme", "paper"), [(1, (255, 255, 255)), (0, (0x12, 0x16, 0x1B))], ids=["light", "dark"])
def test_a_browser_shows_it_in_the_colours_of_its_screen(shown: Path, scheme: int, paper: tuple[int, ...]) -> None:
    from matplotlib.image import imread

    picture = shown.with_name(f"{scheme}.png")
    done = chromium(
        f"--blink-settings=preferredColorScheme={scheme}",
        "--window-size=1100,2200",
        f"--screenshot={picture}",
        f"file://{shown}",
    )
    assert "Refused" not in done.stderr
    assert "Content Security Policy" not in done.stderr
    pixels = (imread(picture)[:, :, :3] * 255).round().astype(int)
    assert tuple(pixels[2, 2]) == paper
    # the style sheet counts: text stands within the middle column, and curves have colours
    assert (pixels[:, :100] == paper).all()
    assert (pixels[:, 1000:] == paper).all()
    assert len({tuple(pixel) for pixel in pixels[::3, ::3].reshape(-1, 3)}) > 40


@needs_chromium
def test_a_browser_refuses_a_script_in_it(shown: Path) -> None:
    script = "<script>document.title = 'it ran'</script></head>"
    page = shown.read_text().replace("</head>", script)
    for name, text, runs in (
        ("with.html", page, False),
        ("without.html", re.sub("<meta http-equiv.*>", "", page), True),
    ):
        path = shown.with_name(name)
        path.write_text(text)
        assert ("<title>it ran</title>" in chromium("--dump-dom", f"file://{path}").stdout) == runs


def test_the_methods_count_steps_as_all_views_do(base: Path) -> None:
    folder = base / "digits_phases/20260101-000000-abcdef01"
    found = Elements(page_of(folder))
    methods = next(text for text in found.texts if text.startswith("The recipe"))
    rows = phases(read_past(folder))
    assert len(rows) > 1
    assert re.findall(r"over steps (\S+) \(", methods) == [steps_text(row.start, row.stop) for row in rows]
