"""What a first recipe trains: enough updates for few rows, and a bound that says something."""

import pytest

from runner.workflows.new_training import Aim, batch_size, dense_layers, epochs, is_wide, training


@pytest.mark.parametrize(
    ("rows", "batch", "length"),
    [(20, 8, 200), (60, 8, 200), (299, 16, 90), (442, 32, 120), (5_000, 32, 60), (20_000, 128, 20), (10**6, 512, 5)],
)
def test_few_rows_are_seen_often_enough_for_a_thousand_updates(rows: int, batch: int, length: int) -> None:
    assert (batch_size(rows), epochs(rows, batch)) == (batch, length)
    updates = length * -(-6 * rows // (10 * batch))
    assert updates >= 1_000 or length == 200


def test_a_model_of_which_a_pass_takes_long_has_no_more_of_them_for_few_examples() -> None:
    assert [epochs(rows) for rows in (60, 20_000, 10**6)] == [60, 20, 5]


@pytest.mark.parametrize(("rows", "dropout"), [(9_999, True), (10_000, False)])
def test_few_rows_are_not_remembered_one_by_one(rows: int, dropout: bool) -> None:
    assert all((", dropout: 0.2" in line) == dropout for line in dense_layers(rows))


@pytest.mark.parametrize(("inputs", "optimizer"), [(30, "{kind: adam}"), (31, "{kind: adamw, weight_decay: 0.3}")])
def test_weights_shrink_where_rows_are_few_for_so_many_inputs(inputs: int, optimizer: str) -> None:
    lines = list(training(Aim("regression", 1.0, 300), 60, wide=is_wide(300, inputs)))
    assert any(line.startswith(f"optimizer: {optimizer}") for line in lines)


def test_of_rare_classes_the_area_is_expected_and_not_the_accuracy() -> None:
    rare, even = Aim("classification", 0.99, 2_000), Aim("classification", 0.9, 2_000)
    assert '  test_auc: ">= 0.525"' in list(rare.expected())
    assert any("metrics: [accuracy, auc]" in line for line in rare.judged())
    assert '  test_accuracy: ">= 0.905"' in list(even.expected())
    assert list(even.judged()) == []
    assert list(even.target_scale()) == []


def test_too_few_of_a_rare_class_have_no_area_to_be_bound() -> None:
    few = Aim("classification", 0.99, 1_900)
    assert few.others == 19
    assert list(few.judged()) == []
    assert '  test_accuracy: ">= 0.991"' in list(few.expected())
