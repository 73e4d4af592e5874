"""What the rules suggest, and how slices compare."""

import pytest

from schemas.rules.slices import parse, unions_overlap
from tests.schemas.rules_helpers import findings, recipe


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("val_acc", "did you mean 'val_accuracy'?"),
        ("validation_loss", "did you mean 'val_loss'?"),
        ("val_acurracy", "did you mean 'val_accuracy'?"),
        ("top5", "add top_5_accuracy to training.metrics, and write 'top_5_accuracy'"),
        ("val_top_5_acuracy", "add top_5_accuracy to training.metrics, and write 'val_top_5_accuracy'"),
        ("f1", "add f1 to training.metrics, and write 'val_f1'"),
        ("rmse", "add root_mean_squared_error to training.metrics, and write 'val_root_mean_squared_error'"),
        ("perplexity", "computed are loss, accuracy, each also with the prefix val_ or test_ for that part"),
    ],
)
def test_help_names_the_figure_that_was_meant(name: str, help: str) -> None:
    found = [finding.help for finding in findings(recipe({"training": {"best": name}}))]
    assert found == [help]


def test_a_percentage_is_answered_with_a_share() -> None:
    found = findings(recipe({"expect": {"test_accuracy": ">= 98.4"}}))
    assert [finding.help for finding in found] == ["write '>= 0.984'"]


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("train", "train", True),
        ("train", "test", False),
        ("train", "train[10:]", True),
        ("train", "train[10:10]", False),
        ("train[20:10]", "train[:50]", False),
        ("train[:10]", "train[10:]", False),
        ("train[:11]", "train[10:]", True),
        ("train[:90%]", "train[-10%:]", False),
        ("train[:-10]", "train[-10:]", False),
        ("train[:-9]", "train[-10:]", True),
        ("train[:100]", "train[-100:]", None),
        ("train[:100]", "train[50%:]", None),
        ("train[:99.5%]", "train[99.5%:]", False),
        ("train[:99.51%]", "train[99.5%:]", True),
        ("train[10:50%]", "train[:10%]", False),
        ("train[:50%]+test", "train[50%:]", False),
        ("train[:50%] + test", "test[:1]", True),
        ("train[:50%]+test[:9]", "test[50%:]+validation", None),
        ("all", "validation", True),
    ],
)
def test_slices_share_examples_or_not_or_only_the_data_tells(one: str, other: str, shared: bool | None) -> None:
    assert unions_overlap(parse(one), parse(other)) is shared
    assert unions_overlap(parse(other), parse(one)) is shared
