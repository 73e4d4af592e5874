"""``recipe generate``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from runner.cli import options
from runner.cli.common import fail, note, print_json
from runner.cli.trained import WhichOption, leave_with, open_run, start
from runner.errors import RecipeError
from runner.text import argument, printable

if TYPE_CHECKING:
    from runner.inference.generation import Generator, Writing
    from runner.inference.opened import TrainedRun
    from runner.inference.sampling import SamplingOptions

_Prompt = Annotated[str, typer.Option(metavar="TEXT", help="What the text begins with.", show_default=False)]
_PromptFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A file with what the text begins with, or - for stdin.", show_default=False),
]
_Length = Annotated[
    int, typer.Option("--max-tokens", "--length", min=1, max=100_000, help="Most tokens that are written.")
]
_Temperature = Annotated[
    float, typer.Option(min=0, max=100, help="Below 1, probable tokens become more so; 0 takes the most probable.")
]
_TopK = Annotated[
    int | None, typer.Option(min=1, help="Draw from the K most probable tokens (default: all).", show_default=False)
]
_TopP = Annotated[
    float | None,
    typer.Option(
        min=0, max=1, help="Draw from the fewest tokens that have this probability together.", show_default=False
    ),
]
_Stop = Annotated[
    list[str] | None,
    typer.Option(metavar="TEXT", help="End before this text; may be given several times.", show_default=False),
]
_Samples = Annotated[int, typer.Option(min=1, max=10_000, help="How many texts are written.")]
_Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of the draws: the same seed writes the same text.")]


def command(
    run: options.Run = "latest",
    prompt: _Prompt = "",
    prompt_file: _PromptFile = None,
    max_tokens: _Length = 50,
    temperature: _Temperature = 1.0,
    top_k: _TopK = None,
    top_p: _TopP = None,
    stop: _Stop = None,
    samples: _Samples = 1,
    seed: _Seed = 0,
    which: WhichOption = "last",
    json: options.Json = False,
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Let a language model write on: a token at a time, each drawn by the probabilities of the model.

    The run's saved model is all that is needed. Words come in small letters and without punctuation, as the model knows
    them. Where the training texts were rows of a table, a text ends where the model ends it, and begins without a
    prompt. Several texts are divided by lines of three hyphens. JSON keys: run_dir, model, prompt, seed, temperature,
    top_k, top_p, stop, samples (of each text: text, which follows the prompt, tokens, and finish: length, end or stop).
    """
    trained = open_run(run, which, None, color, allow_code=False)
    _require_language_model(trained, run)
    begun = _prompt_of(prompt, prompt_file)
    stops = tuple(stop or ())
    asked: SamplingOptions = {
        "seed": seed, "temperature": temperature, "top_k": top_k, "top_p": top_p, "stop": stops
    }  # fmt: skip
    try:
        generator, writings = _begin(trained, {**asked, "max_tokens": max_tokens}, begun, samples)
    except RecipeError as error:
        leave_with(error)
    if writings[0].unknown and not quiet:
        note(f"{writings[0].unknown:,} of the prompt's tokens are not in the vocabulary")
    if json:
        about = {"run_dir": str(trained.paths.root), "model": trained.model_file.name, "prompt": begun}
        print_json({**about, **asked, "samples": [_told(writing) for writing in writings]})
        return
    for number, writing in enumerate(writings):
        if number:
            print("---")
        _show(generator, begun, writing)


def _require_language_model(trained: "TrainedRun", run: str) -> None:
    if trained.recipe.task != "language_model":
        fail(
            f"a run of `task: language_model` generates text; this one is of {trained.recipe.task}",
            [f"`recipe predict {argument(run)} INPUT` predicts with it"],
        )


def _prompt_of(prompt: str, prompt_file: str | None) -> str:
    if prompt_file is None:
        return prompt
    if prompt:
        fail("--prompt and --prompt-file both say what the text begins with", ["give one of them"])
    from runner.inference.inputs.texts import read_prompt

    try:
        return read_prompt(prompt_file, sys.stdin.buffer)
    except RecipeError as error:
        leave_with(error)
    except OSError as error:
        fail(f"{prompt_file}: {error.strerror or error}")


def _begin(
    trained: "TrainedRun", asked: "SamplingOptions", prompt: str, samples: int
) -> "tuple[Generator, list[Writing]]":
    from runner.inference.sampling import Sampling

    sampling = Sampling(**asked)  # before TensorFlow is started for nothing
    start(trained)
    from runner.inference.generation import Generator

    generator = Generator(trained.model(), sampling)
    return generator, [generator.stream(prompt, sample) for sample in range(samples)]


def _told(writing: "Writing") -> dict[str, object]:
    for _ in writing:
        pass
    return {"text": writing.written.text, "tokens": writing.written.tokens, "finish": writing.written.finish}


def _show(generator: "Generator", prompt: str, writing: "Writing") -> None:
    """Print the prompt and each piece as soon as it is drawn."""
    last = prompt
    _put(prompt)
    for number, piece in enumerate(writing):
        _put(f"{'' if number or not prompt else generator.between}{piece}")
        last = piece
    if not last.endswith("\n"):
        print()


def _put(text: str) -> None:
    print("\n".join(map(printable, text.split("\n"))), end="", flush=True)
