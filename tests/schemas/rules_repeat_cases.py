"""Cases of the rules on repeated runs and folds."""

from typing import Any

from tests.schemas.rules_helpers import Case

FOLD = ("data", "splits", "fold")


def iris(fold: str | None = None, **keys: Any) -> dict[str, Any]:
    splits = {} if fold is None else {"splits": {"fold": fold}}
    return {"data": {"source": "builtin", "name": "iris", **splits}, **keys}


def table(by: str, fold: str, **keys: Any) -> dict[str, Any]:
    column = {} if by == "share" else {"column": "c"}
    splits = {"by": by, "fold": fold, **column}
    return {"data": {"source": "csv", "files": "t.csv", "target": "y", "splits": splits}, **keys}


CASES = [
    Case("R390", ("repeat",), iris(repeat={}), iris(repeat={"seeds": 2}), received="neither"),
    Case(
        "R390", ("repeat", "folds"), iris(repeat={"seeds": 2, "folds": 2}), iris(repeat={"folds": 2}), received="both"
    ),
    Case("R391", ("repeat", "seeds", 2), {"repeat": {"seeds": [3, 4, 3]}}, {"repeat": {"seeds": [3, 4]}}, received="3"),
    Case("R392", FOLD, iris("6/5"), iris("5/5"), received="6/5"),
    Case("R392", FOLD, iris("1/1"), iris("1/2"), received="1/1"),
    Case("R690", FOLD, iris("2/5", repeat={"folds": 5}), iris(repeat={"folds": 5}), received="2/5"),
    Case("R393", ("repeat", "folds"), {"repeat": {"folds": 3}}, {"repeat": {"seeds": 3}}, received="parts of its own"),
    Case("R393", FOLD, table("time", "1/5"), table("group", "1/5"), received="divided by time"),
]
