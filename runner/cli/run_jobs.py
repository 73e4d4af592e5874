"""The runs that ``recipe run`` is asked for: of each recipe one, or several if it repeats; planned when they can be."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from runner.cli.common import fail, read, refuse
from runner.cli.planning import plan_of
from runner.cli.training import TerminalOptions
from runner.data.access import DataAccess
from runner.errors import WeightsError
from runner.plan.plan import Plan
from runner.record.directory import RUNS
from runner.record.handles import list_runs
from runner.record.repeat_note import RepeatNote, read_repeat
from runner.record.tags import LATEST, UNTAGGED, Tags
from runner.source.load import Loaded
from runner.workflows.repeats import variants
from runner.workflows.request import locks_of, runs_of, unfinished
from runner.workflows.step_form import with_recorded_form
from runner.workflows.weights import require_names, with_weights
from schemas.recipe import Recipe


class Earlier:
    """The runs that there were when the verb began: listed once, when they are first asked for."""

    @cached_property
    def runs(self) -> list[Path]:
        """Their directories, newest first."""
        return list_runs(RUNS)


@dataclass(frozen=True)
class Wanted:
    """The verb's options about training; the display options are in ``TerminalOptions``."""

    sets: tuple[str, ...]
    run_dir: Path | None
    data_dir: Path | None
    no_fallback: bool
    force: bool
    root: Path | None
    resume: bool
    expect_sha256: str | None
    allow_code: bool
    allow_network: bool = False
    warned: bool = False
    """Whether the recipe's warnings have been shown already."""
    junit: Path | None = None
    """File for the expectations as JUnit XML."""
    after: bool = True
    """Whether the recipe's `after` follows."""
    tags: Tags = UNTAGGED
    """Tags and a note for each run."""
    repeat: RepeatNote | None = None
    """Which of the runs of a repeated recipe it is."""
    earlier: Earlier = field(default_factory=Earlier)
    """The runs that may go on."""

    def data(self, loaded: Loaded) -> DataAccess:
        """Where the data of a recipe is."""
        access = DataAccess(self.data_dir, allow_fallback=not self.no_fallback, network=self.allow_network)
        return access.beside(loaded.path, self.root)

    def candidates(self) -> Iterator[Path]:
        """The runs that may go on, newest first; looked for once they are asked for."""
        if self.resume:
            yield from [self.run_dir] if self.run_dir is not None else self.earlier.runs


@dataclass(frozen=True)
class Job:
    """A run of a recipe, or one of the runs that it stands for."""

    file: Path
    loaded: Loaded
    wanted: Wanted
    plan: Plan
    name: str | None = None
    """``seed 43``, if the recipe repeats."""


@dataclass(frozen=True)
class Group:
    """A recipe that is trained, with how often."""

    file: Path
    loaded: Loaded
    wanted: Wanted
    terminal: TerminalOptions

    @property
    def recipe(self) -> Recipe:
        """The recipe itself."""
        assert self.loaded.recipe is not None
        return self.loaded.recipe

    @property
    def runs(self) -> int:
        """How many runs it stands for."""
        return len(variants(self.recipe)) or 1

    def jobs(self) -> list[Job]:
        """Its runs, planned; leaves with 2 where they cannot be."""
        weights = partial(with_weights, recorded=locks_of(self.wanted.candidates()))
        jobs = []
        for variant in variants(self.recipe):
            own = replace(self.wanted, sets=(*self.wanted.sets, *variant.sets))
            loaded = read_recipe(self.file, own, self.terminal, quiet=True)
            jobs.append(Job(self.file, loaded, own, self._plan(loaded, weights), variant.name))
        return (
            self._noted(jobs) if jobs else [Job(self.file, self.loaded, self.wanted, self._plan(self.loaded, weights))]
        )

    def _noted(self, jobs: Sequence[Job]) -> list[Job]:
        """The runs with what they have in common, which is that of the runs that go on."""
        candidates = list(self.wanted.candidates())
        newest = (next(runs_of(job.plan, candidates), None) for job in jobs)
        notes = (read_repeat(run[0]) for run in newest if run is not None)
        note = next(filter(None, notes), None) or RepeatNote.first(str(jobs[0].name), len(jobs))
        return [
            replace(job, wanted=replace(job.wanted, repeat=note._replace(part=str(job.name), runs=len(jobs))))
            for job in jobs
        ]

    def _plan(self, loaded: Loaded, weights: Callable[[Plan, DataAccess], Plan]) -> Plan:
        data, color = self.wanted.data(loaded), self.terminal.color
        plan = plan_of(loaded, data, color, allow_code=self.wanted.allow_code, weights=weights)
        goes_on = unfinished(plan, list(self.wanted.candidates()))
        return plan if goes_on is None else with_recorded_form(plan, next(iter(locks_of([goes_on]))))

    def waits_for(self, before: "Sequence[Group]") -> "Group | None":
        """The recipe among those that are trained first whose run this one takes weights from; None: there is none."""
        weights = self.recipe.model.weights
        if weights is None or not before:
            return None
        name, _, rest = weights.run.rpartition("/")
        if rest.partition("~")[0] == LATEST:
            return next((each for each in reversed(before) if name in ("", each.recipe.name)), None)
        return next((each for each in reversed(before) if weights.run == each.recipe.name), None)

    def check_early(self, base: "Group") -> None:
        """Check what can be known before the base has trained; leaves with 2 where that is wrong."""
        plan = self._plan(self.loaded, lambda plan, _: plan)
        try:
            require_names(plan, base._plan(base.loaded, lambda plan, _: plan))
        except WeightsError as error:
            refuse(self.loaded, error, self.terminal.color)


def read_recipe(file: Path, wanted: Wanted, terminal: TerminalOptions, *, quiet: bool) -> Loaded:
    """Read a recipe with the verb's options; leaves with 2 where it has errors."""
    return read(file, wanted.sets, wanted.root, terminal.color, quiet=quiet, allow_code=wanted.allow_code)


def require_fingerprint(plan: Plan, wanted: str | None) -> None:
    """Leave with 2 unless a recipe is the one that is wanted."""
    if wanted is not None and plan.fingerprint != wanted.lower():
        fail(
            f"the fingerprint of {plan.recipe.name} on {plan.data.label} is {plan.fingerprint}, not {wanted}",
            ["`recipe show --resolved` prints the text that the fingerprint is computed from"],
        )
