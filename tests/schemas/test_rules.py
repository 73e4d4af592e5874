"""Every rule speaks up where it should, at the right key, and nowhere near."""

from typing import Any

import pytest

from schemas.findings import Finding
from schemas.recipe import Recipe
from schemas.rules import check
from tests.schemas.rules_acting_cases import CASES as ACTING
from tests.schemas.rules_after_cases import CASES as AFTER
from tests.schemas.rules_application_cases import CASES as APPLICATIONS
from tests.schemas.rules_augment_cases import CASES as AUGMENT
from tests.schemas.rules_catalogue_cases import CASES as CATALOGUE
from tests.schemas.rules_curve_cases import CASES as CURVES
from tests.schemas.rules_custom_cases import CASES as CUSTOM
from tests.schemas.rules_data_cases import CASES as DATA
from tests.schemas.rules_dropout_cases import CASES as DROPOUT
from tests.schemas.rules_dropout_factor_cases import CASES as DROPOUT_FACTOR
from tests.schemas.rules_duration_cases import CASES as DURATIONS
from tests.schemas.rules_file_cases import CASES as FILES
from tests.schemas.rules_graph_cases import CASES as GRAPH
from tests.schemas.rules_group_cases import CASES as GROUPS
from tests.schemas.rules_helpers import BASE, Case, findings, leads_somewhere, recipe
from tests.schemas.rules_image_column_cases import CASES as IMAGE_COLUMNS
from tests.schemas.rules_language_cases import CASES as LANGUAGE
from tests.schemas.rules_measure_cases import CASES as MEASURES
from tests.schemas.rules_model_cases import CASES as MODEL
from tests.schemas.rules_model_input_cases import CASES as MODEL_INPUTS
from tests.schemas.rules_model_output_cases import CASES as MODEL_OUTPUTS
from tests.schemas.rules_momentum_cases import CASES as MOMENTUM
from tests.schemas.rules_option_cases import CASES as OPTIONS
from tests.schemas.rules_repeat_cases import CASES as REPEAT
from tests.schemas.rules_schedule_cases import CASES as SCHEDULE
from tests.schemas.rules_selu_cases import CASES as SELU
from tests.schemas.rules_series_cases import CASES as SERIES
from tests.schemas.rules_sweep_cases import CASES as SWEEP
from tests.schemas.rules_table_cases import CASES as TABLES
from tests.schemas.rules_target_scale_cases import CASES as TARGET_SCALE
from tests.schemas.rules_validation_cases import CASES as VALIDATION
from tests.schemas.rules_weight_decay_cases import CASES as WEIGHT_DECAY
from tests.schemas.rules_weights_cases import CASES as WEIGHTS

CASES = [
    *CATALOGUE,
    *MOMENTUM,
    *WEIGHT_DECAY,
    *SCHEDULE,
    *CURVES,
    *DURATIONS,
    *MEASURES,
    *MODEL,
    *MODEL_INPUTS,
    *MODEL_OUTPUTS,
    *DATA,
    *OPTIONS,
    *TABLES,
    *GRAPH,
    *CUSTOM,
    *VALIDATION,
    *ACTING,
    *AUGMENT,
    *FILES,
    *REPEAT,
    *SWEEP,
    *GROUPS,
    *WEIGHTS,
    *IMAGE_COLUMNS,
    *SERIES,
    *SELU,
    *DROPOUT,
    *DROPOUT_FACTOR,
    *AFTER,
    *TARGET_SCALE,
    *APPLICATIONS,
    *LANGUAGE,
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_recipe_is_told_at_its_key(case: Case) -> None:
    tree = recipe(case.bad)
    every = findings(tree)
    found = [finding for finding in every if finding.code == case.code]
    assert [(finding.path, finding.severity) for finding in found] == [(case.path, case.severity)]
    assert found[0].help
    assert case.received in found[0].message
    require_paths(tree, every)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_near_miss_is_accepted_and_has_no_error_at_all(case: Case) -> None:
    tree = recipe(case.good)
    every = findings(tree)
    assert case.code not in {finding.code for finding in every}
    assert [finding for finding in every if finding.severity == "error"] == []
    require_paths(tree, every)


def require_paths(tree: dict[str, Any], found: list[Finding]) -> None:
    """Paths lead to what the recipe writes."""
    for finding in found:
        assert leads_somewhere(tree, finding.path), finding


def test_base_recipe_is_beyond_reproach() -> None:
    assert findings(BASE) == []


def test_messages_are_one_sentence_without_a_full_stop() -> None:
    for case in CASES:
        for finding in findings(recipe(case.bad)):
            for text in (finding.message, finding.help or ""):
                assert text, finding
                assert "\n" not in text, finding
                assert not text.endswith("."), finding


def test_check_is_pure() -> None:
    given = Recipe.model_validate(recipe(MOMENTUM[0].bad))
    assert check(given) == check(given) != []
