"""Text that a language model writes."""

from typing import TYPE_CHECKING

from runner.api.results import Name
from runner.api.trained import start, trained_run
from runner.errors import InputError

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from runner.inference.generation import Generated, Generator
    from runner.inference.opened import Which
    from runner.inference.sampling import SamplingOptions


def generate(
    run: Name = "latest",
    prompt: str = "",
    *,
    samples: int = 1,
    which: "Which" = "last",
    **sampling: "Unpack[SamplingOptions]",
) -> "list[Generated]":
    """Texts that a language model writes after a prompt, as ``recipe generate`` has them.

    >>> print(generate("latest", "the rain", temperature=0.7, top_p=0.9)[0].text)  # doctest: +SKIP

    Args:
        run: its directory, or a handle such as ``latest``.
        prompt: what the texts begin with; it may be empty where the model knows how texts begin.
        samples: how many texts.
        which: ``last``: the model that the run tested; ``best``: that of the best epoch.
        **sampling: ``max_tokens``, ``temperature``, ``top_k``, ``top_p``, ``stop`` and ``seed``, as of
            :class:`runner.inference.sampling.Sampling`.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        InputError: the run is of another task, an argument is out of its bounds, or there is no token to begin with.
    """
    if samples < 1:
        raise InputError(f"samples: must be at least 1; received {samples}")
    writes = generator(run, which=which, **sampling)
    return [writes(prompt, sample) for sample in range(samples)]


def generator(run: Name = "latest", *, which: "Which" = "last", **sampling: "Unpack[SamplingOptions]") -> "Generator":
    """What :func:`generate` writes with, opened once for several prompts, or to see the text while it is written.

    >>> writes = generator("latest", max_tokens=200)  # doctest: +SKIP
    >>> for piece in writes.stream("the rain"):  # doctest: +SKIP
    ...     print(piece, end="", flush=True)

    Args:
        run: its directory, or a handle such as ``latest``.
        which: ``last`` or ``best``.
        **sampling: as of :func:`generate`.

    Raises:
        RunNotFound: there is no such run.
        ModelUnusable: it has no such model.
        InputError: the run is of another task, or an argument is out of its bounds.
    """
    trained = trained_run(run, which, None, allow_code=False)
    if trained.recipe.task != "language_model":
        raise InputError(
            f"a run of `task: language_model` generates text; this one is of {trained.recipe.task}",
            "`predict` predicts with it",
        )
    from runner.inference.sampling import Sampling

    asked = Sampling(**sampling)
    start(trained)
    from runner.inference.generation import Generator

    return Generator(trained.model(), asked)
