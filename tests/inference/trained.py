"""Small runs to use, and the program called in this process."""

import csv
import io
import json
import shutil
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image
from typer.testing import CliRunner, Result

from runner.cli import app
from runner.data.access import DataAccess
from runner.data.examples import Examples
from runner.data.facts import builtin_facts
from runner.data.load import load_data
from runner.plan.make_plan import make_plan
from runner.source.load import load

_RECIPE = """\
recipe: 1
name: {name}
task: {task}
seed: 3
data: {{source: builtin, name: {name}, scale: {scale}, batch_size: 64}}
model:
  kind: sequential
{model}
optimizer: {{kind: adam}}
schedule: {{kind: constant, learning_rate: 0.01}}
training: {{epochs: {epochs}}}
"""


def _recipe(name: str, task: str, scale: str, model: str, epochs: int = 3) -> str:
    return _RECIPE.format(name=name, task=task, scale=scale, model=model, epochs=epochs)


_DIGITS = """\
  layers:
    - {kind: flatten}
    - {kind: batch_normalization}
    - {kind: dense, units: 16, activation: relu, dropout: 0.3}"""
_DENSE = "  layers: [{kind: dense, units: 8, activation: relu}]"
RECIPES = {
    "digits": _recipe("digits", "classification", "1/16", _DIGITS),
    "iris": _recipe("iris", "classification", "standard", _DENSE, 12),
    "breast_cancer": _recipe("breast_cancer", "classification", "standard", f"{_DENSE}\n  output: {{units: 1}}"),
    "threshold": _recipe(
        "breast_cancer", "classification", "standard", f"{_DENSE}\n  output: {{units: 1, logits: true}}", 1
    ).replace("epochs: 1}", "epochs: 1, threshold: f1, metrics: [accuracy, f1, auc]}"),
    "diabetes": _recipe("diabetes", "regression", "standard", _DENSE, 12),
}


_WORDS = {"good": ["fine", "film", "lovely", "great", "joy"], "bad": ["dull", "slow", "poor", "waste", "bore"]}
_OWN = """\
recipe: 1
name: {name}
task: classification
seed: 3
data: {{{data}, batch_size: 16}}
model: {{kind: sequential, layers: [{layers}]}}
optimizer: {{kind: adam}}
schedule: {{kind: constant, learning_rate: 0.02}}
training: {{epochs: 3}}
"""
RECIPES["flats"] = _OWN.format(
    name="flats",
    data="source: csv, files: flats.csv, target: kind, columns: {year: {missing: drop}, rent: {indicator: true}}",
    layers="{kind: dense, units: 8, activation: relu, dropout: 0.2}",
)
RECIPES["reviews"] = _OWN.format(
    name="reviews",
    data="source: text, file: reviews.csv, text: review, target: mood, length: 6",
    layers="{kind: embedding, output_dim: 4}, {kind: global_average_pooling1d}, {kind: dense, units: 8}",
)
RECIPES["visits"] = _OWN.format(
    name="visits",
    data="source: csv, files: visits.csv, target: stayed, columns: {"
    "when: {parts: [year], cyclic: [hour], indicator: true}, "
    "town: {embed: 3, at_least: 12}, remark: {output: tf_idf, vocabulary: 6}, words: {output: multi_hot}, "
    "born: {format: '%d.%m.%Y', parts: [days], missing: drop, scale: minmax}}",
    layers="{kind: dense, units: 8, activation: relu}",
)


RECIPES["moles"] = """\
recipe: 1
name: moles
task: classification
seed: 3
data: {source: csv, files: moles.csv, target: kind, batch_size: 16, columns: {photo: {size: [6, 6], missing: drop}}}
model:
  kind: functional
  inputs: {photo: {columns: [photo]}, facts: {columns: [age, sex]}}
  layers:
    - {kind: conv2d, filters: 8, kernel_size: 3, activation: relu, inputs: [photo]}
    - {kind: global_average_pooling2d, name: seen}
    - {kind: concatenate, inputs: [seen, facts]}
    - {kind: dense, units: 16, activation: relu, dropout: 0.1}
optimizer: {kind: adam}
schedule: {kind: constant, learning_rate: 0.02}
training: {epochs: 25}
"""


def write_moles(folder: Path) -> None:
    """Photos, ages and sexes: which of two kinds a mole is depends on its brightness and the sex together."""
    draw = np.random.default_rng(4)
    (folder / "photos").mkdir()
    lines = ["photo,age,sex,kind"]
    for n in range(150):
        bright, sex = int(draw.integers(2)), "fm"[int(draw.integers(2))]
        pixels = np.clip(draw.normal(60 + 120 * bright, 20, (7, 8, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "photos" / f"{n}.png")
        age = "" if n % 11 == 0 else f"{draw.normal(50, 10):.1f}"
        lines.append(f"photos/{n}.png,{age},{sex},{'ab'[bright ^ (sex == 'f')]}")
    (folder / "moles.csv").write_text("\n".join(lines) + "\n")


_WEATHER = _OWN.replace("classification", "{task}").replace("[{layers}]", "[{layers}]{output}")
RECIPES["hours"] = _WEATHER.format(
    name="hours", task="regression", output="",
    data="source: csv, files: weather.csv, target: [sun, id], target_scale: standard, "
    "columns: {wet: {type: ignore}, cold: {type: ignore}}",
    layers="{kind: dense, units: 8, activation: relu, dropout: 0.2}",
)  # fmt: skip
RECIPES["rain"] = _WEATHER.format(
    name="rain", task="multi_label", output=", output: {logits: true}",
    data="source: csv, files: weather.csv, target: [wet, cold], columns: {sun: {type: ignore}, id: {type: ignore}}, "
    "splits: {train: 50%, validation: 25%, test: 25%}",
    layers="{kind: dense, units: 8, activation: relu}",
).replace("epochs: 3}", "epochs: 1, threshold: f1, metrics: [accuracy, f1_macro, f1_micro]}")  # fmt: skip
RECIPES["weather"] = _WEATHER.format(
    name="weather", task="multi_label", output=", output: {logits: true}",
    data="source: csv, files: weather.csv, target: [wet, cold], columns: {sun: {type: ignore}, id: {type: ignore}}",
    layers="{kind: dense, units: 8, activation: relu, dropout: 0.2}",
)  # fmt: skip


RECIPES["clinic"] = """\
recipe: 1
name: clinic
task: multi_output
seed: 5
data:
  {source: csv, files: t.csv, target: [days, sick, wet, cold, kind], batch_size: 32,
   splits: {train: 50%, validation: 25%, test: 25%}}
model:
  kind: functional
  layers: [{kind: dense, units: 8, activation: relu, dropout: 0.3}]
  outputs:
    ill: {task: binary, target: sick, threshold: 0.3}
    days: {task: regression}
    sky: {task: multi_label, target: [cold, wet], threshold: 0.4}
    kind: {task: classification}
optimizer: {kind: adam, learning_rate: 0.01}
training: {epochs: 2}
"""


def write_clinic(folder: Path) -> None:
    """Numbers of patients, from which follow days, an illness, two labels and one of three kinds."""
    draw = np.random.default_rng(1)
    lines = ["a,b,days,sick,wet,cold,kind"]
    for a, b, c, d in draw.normal(size=(400, 4)):
        sick, wet = "yes" if a + 0.7 * c > 0.9 else "no", "true" if a + b + d / 2 > 0.5 else "false"
        kind = "pqr"[0 if a < -0.5 else 1 if b < d else 2]
        lines.append(f"{a:.3f},{b:.3f},{2 * b + c / 9:.3f},{sick},{wet},{int(b + c / 2 > 0.8)},{kind}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")


def write_weather(folder: Path) -> None:
    """Two numbers of a day, from which follow two further ones and two labels."""
    draw = np.random.default_rng(7)
    lines = ["pressure,wind,sun,id,wet,cold"]
    for pressure, wind in draw.normal(size=(120, 2)):
        wet, cold = "yes" if pressure + wind > 0.5 else "no", int(wind > 0)
        lines.append(f"{pressure:.3f},{wind:.3f},{pressure - wind:.3f},{10 * wind:.3f},{wet},{cold}")
    (folder / "weather.csv").write_text("\n".join(lines) + "\n")


def write_flats(folder: Path) -> None:
    """A table with numbers and words of which some are missing; training drops the rows without a year."""
    draw = np.random.default_rng(5)
    lines = ["rent,living space/m2,town,year,kind"]
    for n in range(120):
        kind = ["flat", "house", "villa"][n % 3]
        rent = "" if n % 7 == 0 else f"{300 + 400 * (n % 3) + draw.normal(0, 60):.2f}"
        town = ["Oslo", "Rome", "NA", "Åre"][n % 4] if n % 5 else ""
        year = "" if n % 17 == 16 else 1950 + n % 60
        lines.append(f"{rent},{40 + 30 * (n % 3) + draw.normal(0, 8):.1f},{town},{year},{kind}")
    (folder / "flats.csv").write_text("\n".join(lines) + "\n")


def write_reviews(folder: Path) -> None:
    """Short texts in two moods, with commas, quotes and words that occur once."""
    draw = np.random.default_rng(6)
    with (folder / "reviews.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["mood", "review"])
        for n in range(80):
            mood = "good" if n % 2 else "bad"
            writer.writerow([mood, f'A {", ".join(draw.choice(_WORDS[mood], 3))} "film" no{n}!'])


def write_visits(folder: Path) -> None:
    """Dates in two forms, with time zones, of which some are missing."""
    draw = np.random.default_rng(8)
    lines = ["when,town,born,stayed,remark,words"]
    for n in range(120):
        moment = np.datetime64("2023-12-30T22:10") + int(draw.integers(1_000_000)) * np.timedelta64(1, "m")
        when = "NA" if n % 9 == 0 else f"{moment}{['', 'Z', '+03:30'][n % 3]}"
        born = "" if n % 20 == 19 else f"{n % 28 + 1}.{n % 12 + 1:02}.{1940 + n % 60}"
        town = ["Oslo", "Rome", "", "Åre", "Oslo"][n % 5] if n % 30 else f"hamlet {n}"
        remark = f"The {['sea', 'Sea!', 'hill', 'hill hill'][n % 4]}; seen {n // 4} times" if n % 7 else ""
        words = ["calm", "rough wind", "null", "WIND"][n % 4]
        lines.append(f"{when},{town},{born},{'long' if n % 60 > 25 else 'short'},{remark},{words}")
    (folder / "visits.csv").write_text("\n".join(lines) + "\n")


RECIPES["snapshots"] = _OWN.format(
    name="snapshots",
    data="source: images, folder: snapshots, size: [6, 8], fit: crop, color: rgb",
    layers="{kind: flatten}, {kind: dense, units: 4, activation: relu}",
)


def write_snapshots(folder: Path) -> None:
    """Pictures of two kinds, of other sizes than the model's; every third one lies on its side."""
    draw = np.random.default_rng(9)
    turned = Image.Exif()
    turned[0x0112] = 6
    for kind, level in (("dark", 60), ("light", 190)):
        (folder / "snapshots" / kind).mkdir(parents=True)
        for n in range(12):
            picture = Image.fromarray(draw.normal(level, 25, (12, 10, 3)).clip(0, 255).astype(np.uint8))
            picture.save(folder / "snapshots" / kind / f"{n}.png", exif=turned if n % 3 == 0 else Image.Exif())


OWN_DATA = {
    "snapshots": write_snapshots,
    "visits": write_visits,
    "moles": write_moles,
    "flats": write_flats,
    "reviews": write_reviews,
    "hours": write_weather,
    "weather": write_weather,
    "rain": write_weather,
    "clinic": write_clinic,
}


@dataclass(frozen=True)
class Trained:
    """A finished run."""

    folder: Path
    result: dict[str, Any]
    """What ``recipe run --json`` printed."""

    @cached_property
    def model(self) -> Any:
        """As plain Keras opens it."""
        with warnings.catch_warnings():  # a slash in the name of a column is none in that of its input
            warnings.filterwarnings("ignore", "When providing `inputs` as a dict", UserWarning)
            return keras.models.load_model(self.folder / "model.keras")

    def split(self, name: str) -> Examples:
        recipe = load(self.folder / "resolved.yaml").recipe
        assert recipe is not None
        plan = make_plan(recipe, builtin_facts(recipe.data))  # type: ignore[arg-type]
        found = getattr(load_data(plan, DataAccess()), name)
        assert isinstance(found, Examples)
        return found

    def outputs(self, x: Any) -> Any:
        """What Keras makes of inputs, in one batch."""
        return np.asarray(self.model(np.asarray(x, np.float32), training=False))

    def copied(self, target: Path) -> Path:
        """A copy that something may happen to."""
        return Path(shutil.copytree(self.folder, target / "run"))


def program(*arguments: str | Path, stdin: bytes | None = None, status: int = 0) -> Result:
    """Call the program in this process and hold it to its exit status."""
    done = CliRunner().invoke(app, list(map(str, arguments)), input=stdin)
    assert done.exit_code == status, (done.exit_code, done.output, done.exception)
    return done


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def evaluated(*arguments: str | Path) -> dict[str, Any]:
    found = json.loads(program("evaluate", *arguments, "--json").stdout)
    assert isinstance(found, dict)
    return found
