"""The verbs ``recipe data …``."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from runner.cli import options, pictures
from runner.cli.common import fail, note, print_json, read, refuse, use_color
from runner.cli.subject import is_recipe
from runner.data.access import DataAccess
from runner.errors import RecipeError
from runner.text import printable
from runner.views.lines import Screen, paragraph, stdout_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.data.facts import DataFacts
    from runner.plots.canvas import Form
    from runner.source.load import Loaded
    from runner.workflows.dataset_show.showing_data import Shown
    from schemas.recipe import Recipe

T = TypeVar("T")
GROUP = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True)
_HELP = {"help_option_names": ["-h", "--help"]}
_Subject = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A recipe, a CSV or Parquet file, a folder with a folder for each class, or a Hugging Face dataset.",
        autocompletion=options.complete_file,
    ),
]
_Target = Annotated[
    str | None, typer.Option("--target", metavar="COLUMN", help="Of a table without a recipe: what is predicted.")
]


@GROUP.callback(context_settings=_HELP)
def data() -> None:
    """Show what a recipe's data is, check it example by example, and say what a model has to be better than."""


@GROUP.command(context_settings=_HELP)
def check(
    subject: _Subject,
    target: _Target = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything is found.")] = False,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
    allow_network: options.AllowNetwork = False,
) -> None:
    """Read every example once and say what is odd about the data.

    Finds equal inputs within a part, in two parts, and with different targets; classes that are rare, absent or only
    in the test part; images that are broken or of one color; columns that have one value or alone predict the target;
    and groups or times that a random division tears apart.
    """
    from runner.views.oddity_lines import oddity_lines
    from runner.workflows.dataset_check.checking_data import check_data

    described = _recipe_of(subject, target, sets, root, color, allow_code=allow_code)
    if described[1].data.source in ("images", "tfds"):
        _start_quietly()
    access = DataAccess(data_dir, allow_fallback=False, download=False, network=allow_network)
    checked = _done(check_data, described, access=access, root=root, color=color, allow_code=allow_code)
    facts, found = checked.facts, checked.found
    if json:
        print_json({"data": facts.label, "examples": _sizes(facts), "findings": [asdict(item) for item in found]})
    else:
        screen = stdout_screen(color=use_color(color, sys.stdout))
        screen.print(oddity_lines(found, screen))
        every = facts.train + facts.validation + facts.test
        said = f"{facts.label}: {every:,} examples read, {len(found) or 'no'} finding{'s' * (len(found) != 1)}"
        screen.print(paragraph(screen, said, hang=2))
    raise typer.Exit(1 if strict and found else 0)


@GROUP.command(context_settings=_HELP)
def show(
    subject: _Subject,
    stage: Annotated[
        Literal["raw", "input", "augmented"],
        typer.Option(
            help="As stored; as the first layer receives it; or as it trains, before it is scaled.", show_default=True
        ),
    ] = "raw",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE.png|svg", help="Draw the first 40 images that train.")
    ] = None,
    target: _Target = None,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
    allow_network: options.AllowNetwork = False,
) -> None:
    """Show the data: examples and classes of each part, how values are spread, and the first examples that train.

    They come in the order of the first epoch, so that the three stages show the same ones. Numbers are of up to 1,024
    training examples.
    """
    form = None if output is None else pictures.form_of(output)
    if output is not None and form is None:
        help = [f"--output {output.with_suffix('.png')}"]
        fail(f"--output takes a .svg or .png file; received {output.name!r}", help)
    described = _recipe_of(subject, target, sets, root, color, allow_code=allow_code)
    _start_quietly()
    from runner.workflows.dataset_show.showing_data import show_data

    access = DataAccess(data_dir, allow_fallback=False, download=False, network=allow_network)
    shown = _done(show_data, described, stage, access=access, root=root, color=color, allow_code=allow_code)
    if output is not None and form is not None:
        _draw(shown, output, form)
    if json:
        _print_values(shown)
    else:
        _print_text(shown, stdout_screen(color=use_color(color, sys.stdout)))


@GROUP.command(context_settings=_HELP)
def baseline(
    subject: _Subject,
    target: _Target = None,
    sets: options.Sets = None,
    data_dir: options.DataDir = None,
    root: options.Root = None,
    allow_code: options.AllowCode = False,
    json: options.Json = False,
    color: options.ColorOption = "auto",
    allow_network: options.AllowNetwork = False,
) -> None:
    """Say what a model has to be better than.

    One answer for all examples (the most frequent class; the mean and the median of numbers), and a linear model of the
    same inputs (logistic regression, or least squares). They learn from the training part, up to 20,000 examples drawn
    with the recipe's seed, and are evaluated on the test part, or on the validation part where there is no other.
    """
    described = _recipe_of(subject, target, sets, root, color, allow_code=allow_code)
    _start_quietly()
    from runner.views.baseline_lines import baseline_lines
    from runner.workflows.data_baselines import baselines

    access = DataAccess(data_dir, allow_fallback=False, download=False, network=allow_network)
    found = _done(baselines, described, access=access, root=root, color=color, allow_code=allow_code)
    if json:
        figures = {name: dict(given) for name, given in found.figures.items()}
        print_json({"data": found.facts.label, "part": found.part, "trained_on": found.trained,
                    "evaluated_on": found.evaluated, "baselines": figures, "left_out": found.left_out})  # fmt: skip
        return
    screen = stdout_screen(color=use_color(color, sys.stdout))
    learnt = f"from {found.trained:,} training examples, evaluated on {found.evaluated:,} of {found.part}"
    screen.print(paragraph(screen, f"{found.facts.label}: {learnt}"))
    screen.print(baseline_lines(found.figures, screen))
    if found.left_out is not None:
        screen.print(paragraph(screen, f"no linear model: {found.left_out}"))


@GROUP.command(context_settings=_HELP)
def prepare(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Plain name of a dataset of tensorflow-datasets.")],
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="DIR", help="Folder with the files that the dataset downloads."),
    ] = None,
    data_dir: options.DataDir = None,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Download the files that are not in the folder.")
    ] = False,
) -> None:
    """Prepare a dataset of tensorflow-datasets from files on the disk, each with its registered SHA-256.

    The files are those that the dataset downloads, under their own names, and stay packed: for mnist the four of
    *-ubyte.gz. Without --allow-network nothing is connected to. A dataset that is prepared is left as it is.
    """
    access = DataAccess(data_dir, network=allow_network)
    _start_quietly()
    from runner.data.tfds.prepare import prepare_from_files

    def report(message: str) -> None:
        print(message, file=sys.stderr)

    try:
        print(printable(str(prepare_from_files(name, access.directory, source, report, network=access.network))))
    except RecipeError as error:
        fail(str(error), error.help)
    except OSError as error:
        fail(f"{name} cannot be prepared: {error}")


def _draw(shown: "Shown", output: Path, form: "Form") -> None:
    if shown.images is None:
        fail(f"{shown.facts.name} holds no images to draw", ["leave out --output"])
    from runner.plots.example_grid import example_grid

    title = f"{shown.facts.label}, {shown.stage}"
    pictures.save(output, example_grid(shown.images, shown.sample.labels, title, form), code=2)


def _sizes(facts: "DataFacts") -> dict[str, int]:
    return {"train": facts.train, "validation": facts.validation, "test": facts.test}


def _print_values(shown: "Shown") -> None:
    print_json(
        {
            "data": shown.facts.label,
            "stage": shown.stage,
            "examples": _sizes(shown.facts),
            "shape": list(shown.sample.values.shape[1:]),
            "classes": dict(shown.classes),
            "values": [asdict(spread) for spread in shown.spreads],
            "labels": list(shown.sample.labels[:40]),
        }
    )


def _print_text(shown: "Shown", screen: Screen) -> None:
    from runner.views.example_lines import class_lines, picture_lines, spread_lines, text_lines

    labels = shown.sample.labels
    said = ", ".join(f"{count:,} {part}" for part, count in _sizes(shown.facts).items())
    shape = " x ".join(map(str, shown.sample.values.shape[1:]))
    screen.print(paragraph(screen, f"{shown.facts.label}: {said}; {shown.stage}, shape {shape}"))
    blocks = [class_lines(shown.classes, screen), spread_lines(shown.spreads, screen)]
    blocks += [list(picture_lines(shown.images, labels, screen))] if shown.images is not None else []
    blocks += [list(text_lines(shown.texts, labels, screen))] if shown.texts else []
    for block in blocks:
        if block:
            print()
            screen.print(block)


def _start_quietly() -> None:
    """Import TensorFlow, which is noisy when something else imports it."""
    from runner.engine.start import start_tensorflow
    from schemas.hardware import Hardware

    start_tensorflow(Hardware(device="cpu"))


def _done(
    work: "Callable[..., T]",
    subject: "tuple[Loaded | None, Recipe, Path]",
    *arguments: object,
    access: DataAccess,
    root: Path | None,
    color: options.Color,
    allow_code: bool,
) -> "T":
    """What comes of the data of a recipe; exits with 2 if it cannot be used."""
    loaded, recipe, folder = subject
    access = access.within(folder, root)
    access = access.allowing(folder) if allow_code else access
    try:
        return work(recipe, access, *arguments, lambda message: print(message, file=sys.stderr))
    except RecipeError as error:
        if loaded is not None:
            refuse(loaded, error, color)
        fail(str(error), error.help)
    except OSError as error:
        fail(f"the data cannot be read: {error}")


def _recipe_of(
    subject: str,
    target: str | None,
    sets: list[str] | None,
    root: Path | None,
    color: options.Color,
    *,
    allow_code: bool,
) -> "tuple[Loaded | None, Recipe, Path]":
    """The recipe with its text, where it has one, and the folder in which its paths start."""
    if is_recipe(subject) and not Path(subject).suffix.lower().startswith((".csv", ".tsv", ".p")):
        loaded = read(Path(subject), sets, root, color, allow_code=allow_code or None)
        assert loaded.recipe is not None
        return loaded, loaded.recipe, loaded.path.parent
    from runner.workflows.dataset_check.bare_data import bare_recipe

    path = Path(subject)
    if not path.exists():
        fail(f"no such file: {subject}", ["name a recipe, a table or a folder"])
    try:
        return None, bare_recipe(path, target, note), path.resolve().parent
    except RecipeError as error:
        fail(str(error), error.help)
