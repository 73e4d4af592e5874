"""``recipe generate``."""

from typing import TYPE_CHECKING, Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, note, print_json
from runner.cli.trained import WhichOption, leave_with, open_run, start
from runner.errors import RecipeError
from runner.text import printable

if TYPE_CHECKING:
    from runner.inference.generation import Generated, Generator

_Prompt = Annotated[str, typer.Option(metavar="TEXT", help="What the text begins with.", show_default=False)]
_Length = Annotated[int, typer.Option(min=1, max=100_000, help="Most tokens that are written.")]
_Temperature = Annotated[
    float, typer.Option(min=0, max=100, help="Below 1, probable tokens become more so; 0 takes the most probable.")
]
_Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of the draws: the same seed writes the same text.")]


def command(
    run: options.Run = "latest",
    prompt: _Prompt = "",
    length: _Length = 50,
    temperature: _Temperature = 1.0,
    seed: _Seed = 0,
    which: WhichOption = "last",
    json: options.Json = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Let a language model write on: a token at a time, each drawn by the probabilities of the model.

    The run's saved model is all that is needed. Words come in small letters and without punctuation, as the model knows
    them. Where the training texts were rows of a table, a text ends where the model ends it, and begins without a
    prompt. JSON keys: run_dir, model, prompt, text (what follows the prompt), tokens, ended, seed, temperature.
    """
    trained = open_run(run, which, None, color, allow_code=False)
    if trained.recipe.task != "language_model":
        fail(
            f"a run of `task: language_model` generates text; this one is of {trained.recipe.task}",
            [f"`recipe predict {printable(run)} INPUT` predicts with it"],
        )
    start(trained)
    try:
        generator, found = _written(trained.model(), prompt, length, temperature, seed)
    except RecipeError as error:
        leave_with(error)
    if found.unknown and not quiet:
        note(f"{found.unknown:,} of the prompt's tokens are not in the vocabulary")
    if json:
        asked = {"run_dir": str(trained.paths.root), "model": trained.model_file.name, "prompt": prompt}
        told = {"text": found.text, "tokens": found.tokens, "ended": found.ended}
        print_json({**asked, **told, "seed": seed, "temperature": temperature})
        return
    for line in generator.joined(prompt, found.text).splitlines():
        print(printable(line))


def _written(model: object, prompt: str, length: int, temperature: float, seed: int) -> "tuple[Generator, Generated]":
    from runner.inference.generation import Generator

    generator = Generator(model)
    return generator, generator(prompt, length, temperature, seed)
