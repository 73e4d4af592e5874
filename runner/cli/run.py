"""``recipe run``."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from runner.cli import options
from runner.cli.common import fail, print_json, read, refuse
from runner.cli.planning import plan_of
from runner.events import Status
from runner.plan.plan import Plan
from runner.prepare import DataOptions
from runner.record.directory import RUNS, DirectoryTaken, RunDirectory, RunLocked, open_explicit, open_run_directory
from runner.run import Order, run
from runner.sinks.console import make_console_sink
from runner.sinks.fan_out import fan_out
from runner.sinks.summary import SummarySink
from runner.source.load import Loaded
from runner.source.emit import to_yaml

EXIT: dict[Status, int] = {
    "finished": 0,
    "failed": 1,
    "diverged": 1,
    "expectation_missed": 1,
    "interrupted": 130,
    "terminated": 143,
}


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Recipes, trained one after another.")],
    sets: options.Sets = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Directory of the run (default: runs/NAME/TIME-FINGERPRINT).")
    ] = None,
    data_dir: options.DataDir = None,
    no_fallback: options.NoFallback = False,
    root: options.Root = None,
    expect_sha256: Annotated[str | None, typer.Option(help="Refuse a recipe with another fingerprint.")] = None,
    json: options.Json = False,
    progress: options.ProgressOption = "auto",
    quiet: options.Quiet = False,
    color: options.ColorOption = "auto",
) -> None:
    """Validate, plan, train, evaluate and record.

    All recipes are read before the first one trains. Exit code: 0; 1 training failed, diverged or missed an
    expectation; 2 a recipe or its data is not usable; 130 after Ctrl-C; 143 after SIGTERM.
    """
    if run_dir is not None and len(files) > 1:
        fail("--run-dir names one directory, but several recipes are given", ["run them one by one"])
    all_loaded = [read(file, sets, root, color) for file in files]
    data = DataOptions(data_dir, allow_fallback=not no_fallback)
    plans = [plan_of(loaded, data, color) for loaded in all_loaded]
    for plan in plans:
        _require_fingerprint(plan, expect_sha256)
    results: list[dict[str, Any]] = []
    for loaded, plan in zip(all_loaded, plans, strict=True):
        summary = SummarySink()
        console = make_console_sink(progress, quiet=quiet, color=color, stderr=sys.stderr)
        try:
            _train(loaded, _order(loaded, plan, data, run_dir), fan_out([summary, console]), color)
        finally:
            console.close()
        results.append(summary.result())
        if results[-1]["status"] in ("interrupted", "terminated"):
            break
    _print(results, json=json)
    raise typer.Exit(max(EXIT[result["status"]] for result in results))


def _require_fingerprint(plan: Plan, wanted: str | None) -> None:
    if wanted is not None and plan.fingerprint != wanted.lower():
        fail(
            f"the fingerprint of {plan.recipe.name} on {plan.data.label} is {plan.fingerprint}, not {wanted}",
            ["`recipe show --resolved` prints what the fingerprint is made from"],
        )


def _order(loaded: Loaded, plan: Plan, data: DataOptions, run_dir: Path | None) -> Order:
    def open_directory(plan: Plan) -> RunDirectory:
        if run_dir is not None:
            return open_explicit(run_dir)
        return open_run_directory(RUNS, plan.recipe.name, plan.fingerprint, datetime.now())

    return Order(
        plan=plan,
        written=loaded.path.read_text(encoding="utf-8"),
        resolved=to_yaml(loaded.resolved()),
        data_dir=data.directory,
        open_directory=open_directory,
        warnings=tuple(d.message for d in loaded.diagnostics),
    )


def _train(loaded: Loaded, order: Order, sink: Any, color: options.Color) -> None:
    try:
        run(order, sink)
    except (DirectoryTaken, RunLocked) as error:
        fail(str(error), ["name another directory with --run-dir"])
    except OSError as error:
        fail(f"the run cannot be recorded: {error}", code=1)
    except Exception as error:
        _tell_build_error(loaded, error, color)
        raise


def _tell_build_error(loaded: Loaded, error: Exception, color: options.Color) -> None:
    """Errors of rooms that load TensorFlow, which has been imported if one of them was raised."""
    from runner.build.model import BuildError
    from runner.engine.start import DeviceError
    from runner.plan.facts import DataError

    if isinstance(error, BuildError):
        refuse(loaded, error, "R203", error.path, color)
    if isinstance(error, DeviceError):
        refuse(loaded, error, "R204", ("hardware", "device"), color)
    if isinstance(error, DataError):
        refuse(loaded, error, "R202", ("data", "name"), color)


def _print(results: list[dict[str, Any]], *, json: bool) -> None:
    """The result on stdout: an object with ``--json``, else the run directories where stdout is piped."""
    if json:
        print_json(results[0] if len(results) == 1 else {"runs": results})
    elif not sys.stdout.isatty():
        print("\n".join(str(result["run_dir"]) for result in results))
