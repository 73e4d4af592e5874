"""A plan as one JSON object."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from runner.plan.capacity import memory_of
from runner.plan.outputs import PlannedOutput
from runner.plan.plan import Plan
from runner.plan.published import PublishedWeights
from runner.plan.schedule import PlannedPhase
from runner.plan.weights import SourceWeights
from runner.views.augment_lines import augment_mappings
from runner.views.layer_tree import total_multiply_adds
from runner.views.plan_columns import column_mappings
from runner.views.plan_replicas import replica_mapping
from schemas.losses import loss_text

if TYPE_CHECKING:
    from runner.model.build import LayerShape


def as_mapping(plan: Plan, layers: "Sequence[LayerShape] | None") -> dict[str, Any]:
    """The contents of the text view as plain values."""
    schedule = plan.schedule
    tables = {f"{name}_table": [asdict(row) for row in rows] for name, rows in schedule.tables.items()}
    return {
        "name": plan.recipe.name,
        "fingerprint": plan.fingerprint,
        "data": plan.data.label,
        "fallback": plan.fallback,
        "examples": {"train": plan.data.train, "validation": plan.data.validation, "test": plan.data.test},
        **({"class_names": list(plan.data.class_names)} if plan.data.class_names else {}),
        **({"labels" if plan.data.labels else "targets": list(plan.data.targets)} if plan.data.targets else {}),
        **({"columns": list(column_mappings(plan.data))} if plan.data.columns else {}),
        **dict(plan.data.remarks),
        **({"augment": listed} if (listed := list(augment_mappings(plan))) else {}),
        "window": asdict(plan.placement.window) if plan.placement.window is not None else None,
        "steps": plan.steps,
        "epochs": plan.epochs,
        "steps_per_epoch": plan.steps_per_epoch,
        "batch_size": plan.batch_size,
        **({} if plan.parts is None else {"parts": plan.parts}),
        **({"validation": asdict(plan.validation)} if plan.recipe.training.validation is not None else {}),
        "devices": replica_mapping(plan) if plan.recipe.hardware.strategy != "none" else None,
        "loss": loss_text(plan.loss) if plan.loss is not None else None,
        **({"outputs": [_output(output) for output in plan.outputs]} if plan.outputs else {}),
        **({} if (scale := plan.recipe.data.target_scale) is None else {"target_scale": scale}),
        "metrics": list(plan.metrics),
        "inferred": {".".join(map(str, item.path)): item.value for item in plan.inferred},
        "phases": [_phase(phase) for phase in schedule.phases],
        "momentum_table": [],
        **tables,
        **({"dropout_factor_table": [asdict(row) for row in plan.dropout_factor]} if plan.dropout_factor else {}),
        "plateau": asdict(schedule.plateau) if schedule.plateau is not None else None,
        **({} if plan.weights is None else {"weights": _source(plan.weights)}),
        **({"published": [_file(each) for each in plan.published]} if plan.published else {}),
        "warnings": [warning.message for warning in plan.warnings],
        **({} if layers is None else _model(plan, layers)),
    }


def _output(output: PlannedOutput) -> dict[str, Any]:
    return {
        "name": output.name,
        "task": output.task,
        "classes": list(output.classes) if output.classes and not output.labels else None,
        **({"labels": list(output.classes)} if output.labels else {}),
        "columns": [output.first, output.stop],
        "loss": loss_text(output.loss),
        "loss_weight": output.weight,
        **({"label_smoothing": output.label_smoothing} if output.label_smoothing else {}),
        **({} if output.class_weight is None else {"class_weight": output.class_weight}),
        **({} if output.threshold is None else {"threshold": output.threshold}),
        "metrics": list(output.metrics),
    }


def _source(source: SourceWeights) -> dict[str, str]:
    return {"run": source.run, "which": source.which, "sha256": source.sha256}


def _file(weights: PublishedWeights) -> dict[str, str]:
    return {"layer": weights.layer, "weights": weights.weights, "file": weights.name, "sha256": weights.sha256}


def _phase(phase: PlannedPhase) -> dict[str, Any]:
    return {
        "name": phase.name,
        "start": phase.start,
        "stop": phase.stop,
        "learning_rate": list(phase.learning_rate),
        "momentum": list(phase.momentum) if phase.momentum is not None else None,
        **({"weight_decay": list(phase.weight_decay)} if phase.weight_decay is not None else {}),
        "curve": phase.curve,
        "purpose": phase.purpose,
    }


def _model(plan: Plan, layers: "Sequence[LayerShape]") -> dict[str, Any]:
    return {
        "parameters": sum(layer.parameters for layer in layers),
        "multiply_adds": total_multiply_adds(layers),
        "memory_bytes": memory_of(plan, layers).total,
        **({"slots_counted": False} if plan.recipe.optimizer.slots_per_weight is None else {}),
        "layers": [
            {
                "kind": layer.kind,
                "name": layer.name,
                "inputs": list(layer.inputs),
                "path": ".".join(map(str, layer.path)),
                "output_shape": list(layer.output_shape),
                "parameters": layer.parameters,
                **({"weights_of": layer.weights_of} if layer.weights_of else {}),
                "multiply_adds": layer.multiply_adds,
                "dropout": layer.dropout,
                "origin": layer.origin,
                **({"taken": layer.taken} if plan.takes_weights else {}),
            }
            for layer in layers
        ],
    }
