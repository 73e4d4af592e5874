"""Cases of the rules on durations and patience against the run."""

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_schedule_pieces import CYCLE, LINEAR, STOP3, S, both, momentum_table, rows, schedule

CASES = [
    Case(
        "R111",
        (S, "final", "duration"),
        schedule("1cycle", max_lr=0.1, final={"duration": "20%"}),
        schedule("1cycle", max_lr=0.1, down={"duration": "35%"}, final={"duration": "20%"}),
        received="make 110%",
    ),
    Case(
        "R111",
        (S, "phases"),
        rows(("50%", 0.1), ("49%", 0.1)),
        rows(("50%", 0.1), ("49%", 0.1), ("1%", 0.1)),
        received="99%",
    ),
    Case(
        "R111",
        (S, "phases"),
        rows(("6 epochs", 0.1), ("5 epochs", 0.1)),
        rows(("6 epochs", 0.1), ("6 epochs", 0.1)),
        received="12 epochs there are; 6 epochs + 5 epochs make 11 epochs",
    ),
    Case("R111", (S, "phases"), rows(("6 epochs", 0.1), ("51%", 0.1)), rows(("6 epochs", 0.1), ("50%", 0.1))),
    Case(
        "R111",
        (S, "phases"),
        rows(("99%", 0.1), ("2%", 0.1), ("1 step", 0.1)),
        rows(("99%", 0.1), ("1 step", 0.1)),
        received="at least 101%",
    ),
    Case(
        "R111",
        (S, "phases"),
        {S: {**rows(("12 epochs", 0.1))[S], "warmup": {"duration": "2 epochs"}}},
        {S: {**rows(("10 epochs", 0.1))[S], "warmup": {"duration": "2 epochs"}}},
        received="10 epochs there are",
    ),
    Case("R111", (S, "momentum", "phases"), momentum_table("40%", 0.9), momentum_table("50%", 0.9)),
    Case(
        "R111",
        (S, "decay"),
        schedule("wsd", max_lr=0.1, ramp="50%", decay="6 epochs"),
        schedule("wsd", max_lr=0.1, ramp="50%", decay="5 epochs"),
    ),
    Case(
        "R112",
        (S, "warmup", "duration"),
        schedule(**LINEAR, warmup={"duration": "12 epochs"}),
        schedule(**LINEAR, warmup={"duration": "11.9 epochs"}),
        received="12 epochs",
    ),
    Case(
        "R112",
        (S, "warmup", "duration"),
        schedule(**LINEAR, warmup={"duration": "100%"}),
        schedule(**LINEAR, warmup={"duration": "100 steps"}),
    ),
    Case("R118", (S, "base", "kind"), schedule("plateau", base=CYCLE[S]), schedule("plateau", base=LINEAR), "warning"),
    Case(
        "R119",
        ("training", "early_stopping"),
        both(CYCLE, {"training": STOP3}),
        both(schedule(**LINEAR), {"training": STOP3}),
        "warning",
    ),
    Case(
        "R119",
        ("training", "early_stopping"),
        both(schedule("wsd", max_lr=0.1), {"training": STOP3}),
        schedule("wsd", max_lr=0.1),
        "warning",
    ),
    Case(
        "R120",
        (S, "patience"),
        schedule("plateau", learning_rate=0.1, patience=11),
        schedule("plateau", learning_rate=0.1, patience=10),
        "warning",
        "after epoch 12",
    ),
    Case(
        "R120",
        (S, "kind"),
        both(schedule("plateau", learning_rate=0.1), {"training": {"epochs": 6}}),
        both(schedule("plateau", learning_rate=0.1), {"training": {"epochs": 7}}),
        "warning",
    ),
    Case(
        "R120",
        ("training", "early_stopping", "patience"),
        {"training": {"early_stopping": {"patience": 11}}},
        {"training": STOP3},
        "warning",
    ),
    Case(
        "R121",
        (S, "min_lr"),
        schedule("plateau", learning_rate=0.1, min_lr=0.1),
        schedule("plateau", learning_rate=0.1, min_lr=0.09),
        "warning",
        "0.1 and 0.1",
    ),
]
