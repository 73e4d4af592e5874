"""A trained run: its recipe, its record, its model and its data, for use after the training."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from runner.data.access import DataAccess
from runner.data.sources import source_of
from runner.errors import DataError, ModelUnusable
from runner.inference.class_names import class_names
from runner.measures.decisions import Threshold, of_each_output, of_one_output
from runner.model.model_file import open_model, stored_class_names, stored_threshold
from runner.plan.allow_code import with_code
from runner.plan.defaults import fallback_of
from runner.plan.layers import hidden_layers
from runner.plan.make_plan import make_plan
from runner.plan.plan import Plan
from runner.record.directory import RunPaths
from schemas.data import Data, Fallback
from schemas.hardware import Hardware
from schemas.recipe import Recipe

Which = Literal["last", "best"]
"""``last``: ``model.keras``, which the run tested; ``best``: ``best.keras``, of the best epoch."""


@dataclass(frozen=True)
class TrainedRun:
    """A run directory, read."""

    paths: RunPaths
    recipe: Recipe
    """Its ``resolved.yaml``."""
    lock: Mapping[str, Any]
    """Its ``lock.json``."""
    access: DataAccess
    which: Which = "last"
    code: Path | None = None
    """Folder that custom code may be imported from; None: it may not be imported."""

    @property
    def model_file(self) -> Path:
        """The saved model."""
        return self.paths.best if self.which == "best" else self.paths.model

    @property
    def source(self) -> Data | Fallback:
        """What trained: the recipe's data, or its fallback."""
        fallback = fallback_of(self.recipe) if self.lock.get("fallback") is not None else None
        return fallback if fallback is not None else self.recipe.data

    @property
    def scale(self) -> float | Literal["standard"] | None:
        """What the model's first layer does to its inputs."""
        own = getattr(self.source, "scale", None)  # a table has a scale for each column
        return own if own is not None else getattr(self.recipe.data, "scale", None)

    @property
    def hardware(self) -> Hardware:
        """The recipe's, on one device, and on a CPU where there is no GPU."""
        device = "cpu" if self.recipe.hardware.device == "cpu" else "auto"
        return self.recipe.hardware.model_copy(update={"strategy": "none", "device": device, "threads": None})

    def plan(self, report: Callable[[str], None]) -> Plan:
        """The plan that the run trained, for its data.

        Args:
            report: hears about slow work, such as a download.

        Raises:
            HubError: the data is out of reach; no other data takes its place.
            DataError: the data here is not what the run trained on.
        """
        access = self.access if self.code is None else self.access.allowing(self.code)
        facts = source_of(self.source, access, self.recipe).facts(report)
        plan = make_plan(self.recipe, facts, fallback=self.lock.get("fallback"))
        trained = self.lock.get("data")
        if trained not in (None, facts.identity):
            raise DataError(
                f"the run was trained on {trained}, but the data here is {facts.label}",
                "restore the files of the run; or evaluate other files with `--data FILE`, or train again on these",
            )
        return plan if self.code is None else with_code(plan, self.code)

    def changed_data(self, digests: Mapping[str, str]) -> tuple[str, ...]:
        """Splits that are not what they were when the run began."""
        before = self.lock.get("data_sha256") or {}
        return tuple(name for name, digest in digests.items() if before.get(name, digest) != digest)

    def require_model(self) -> None:
        """Refuse a run without the model, before TensorFlow is started for it.

        Raises:
            ModelUnusable: naming the model that is there.
        """
        if not os.path.lexists(self.model_file):
            others = [p.name for p in (self.paths.model, self.paths.best) if p.exists()]
            ways = (
                [f"{others[0]} is there: --which {'last' if others[0] == 'model.keras' else 'best'}"] if others else []
            )
            raise ModelUnusable(
                f"{self.model_file} is missing: the run has not come to its end, has no best epoch, or was copied "
                "without the file",
                *ways,
                "`recipe resume` finishes a run that was stopped",
            )

    def model(self) -> Any:
        """The saved model, with probabilities as outputs; TensorFlow has been started.

        Raises:
            ModelUnusable: it is missing or may not be opened.
            CodeError: custom code cannot be imported.
        """
        from runner.inference.saved_model import with_probabilities

        logits = self.recipe.model.output.logits
        return with_probabilities(self.trained_model(), logits=logits, labels=self.has_labels)

    def trained_model(self) -> Any:
        """The saved model, with the outputs that its loss takes.

        Raises:
            ModelUnusable: it is missing or may not be opened.
            CodeError: custom code cannot be imported.
        """
        self.require_model()
        return open_model(self.model_file, self._custom())

    def _custom(self) -> dict[str, Any]:
        if self.code is None:
            return {}
        from runner.model.custom import custom_objects

        folder = self.code.resolve()
        return custom_objects(replace(layer, folder=folder) for layer in hidden_layers(self.recipe.model))

    @property
    def has_labels(self) -> bool:
        """Whether the model predicts labels, each there or not."""
        return self.recipe.task == "multi_label"

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that the model of a series receives; empty of other models and of older runs."""
        return tuple(self.lock.get("inputs", ()))

    def target_names(self, units: int) -> tuple[str, ...]:
        """Names of the labels, or of several predicted numbers; empty for classes, and for one number.

        Of several outputs those that the model file carries: its columns, and of a column for two classes both.
        """
        if self.recipe.task == "multi_output":
            return stored_class_names(self.model_file)
        if self.recipe.task in ("classification", "language_model") or (units == 1 and not self.has_labels):
            return ()
        stored = stored_class_names(self.model_file)
        return stored if len(stored) == units else tuple(map(str, range(units)))

    def threshold(self, units: int) -> Threshold | None:
        """Probability above which a single output means class 1 or a label is there, as saved with the model.

        Args:
            units: outputs of the model.

        Returns:
            Of labels one for each; None: one half.
        """
        found = of_one_output(stored_threshold(self.model_file))
        if not self.has_labels:
            return None if isinstance(found, tuple) else found
        each = (found,) * units if isinstance(found, float) else found
        return each if each is not None and len(each) == units else None

    @property
    def thresholds(self) -> Mapping[str, Threshold]:
        """The same of several outputs, by the names of those that have one; others decide at one half."""
        return of_each_output(stored_threshold(self.model_file))

    def class_names(self, units: int) -> tuple[str, ...]:
        """Name of each class, for a model with so many outputs; empty for a regression and for tokens."""
        if self.recipe.task != "classification":
            return ()
        stored = stored_class_names(self.model_file)
        if len(stored) == (2 if units == 1 else units):
            return stored
        version = str(self.lock.get("data", "")).rpartition(" ")[2]
        return class_names(self.source, version, 2 if units == 1 else units, self.access)
