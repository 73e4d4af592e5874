"""Cases of the rules on the values that a schedule passes through."""

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_schedule_pieces import CYCLE, HALVES, LINEAR, PIECES, S, both, momentum_table, rows, schedule

CASES = [
    Case(
        "R113",
        (S, "phases", 0, "curve"),
        rows(("100%", {"from": 0.1, "to": 0}), curve="exponential"),
        rows(("100%", {"from": 0, "to": 0}), curve="exponential"),
        received="from 0.1 to 0",
    ),
    Case(
        "R113",
        (S, "warmup", "curve"),
        schedule(**LINEAR, warmup={"duration": "1%", "curve": "exponential"}),
        schedule(**LINEAR, warmup={"duration": "1%", "curve": "exponential", "from": 1e-6}),
    ),
    Case(
        "R113",
        (S, "final", "curve"),
        schedule("1cycle", max_lr=0.1, final_lr=0, final={"curve": "exponential"}),
        schedule("1cycle", max_lr=0.1, final={"curve": "exponential"}),
    ),
    Case(
        "R113",
        (S, "up", "curve"),
        schedule("1cycle", max_lr=0.1, momentum={"low": 0}, up={"curve": "exponential"}),
        schedule("1cycle", max_lr=0.1, momentum={"low": 0}),
    ),
    Case(
        "R113",
        (S, "curve"),
        schedule("wsd", max_lr=0.1, curve="exponential"),
        schedule("wsd", max_lr=0.1, final_lr=1e-6, curve="exponential"),
    ),
    Case(
        "R113",
        (S, "phases", 0, "curve"),
        rows(("100%", 0.1), momentum={"from": 0.9, "to": 0}, curve="exponential"),
        rows(("100%", 0.1), momentum=0.0, curve="exponential"),
    ),
    Case(
        "R113",
        (S, "momentum", "phases", 0, "curve"),
        schedule(
            **LINEAR,
            momentum={"phases": [{"duration": "100%", "momentum": {"from": 0.9, "to": 0}, "curve": "exponential"}]},
        ),
        schedule(
            **LINEAR, momentum={"phases": [{"duration": "100%", "momentum": {"from": 0.9, "to": 0}, "curve": "cosine"}]}
        ),
    ),
    Case(
        "R114",
        (S, "phases", 1, "learning_rate"),
        rows(("50%", 0.1), ("50%", {"from": 0.01, "to": 0})),
        rows(("50%", 0.1), ("50%", {"from": 0.1, "to": 0})),
        received="from 0.1 to 0.01",
    ),
    Case(
        "R114",
        (S, "phases", 1),
        rows(*HALVES, momentum=0.9),
        both({"optimizer": {"kind": "adam"}}, rows(*HALVES, momentum=0.9)),
        received="from 0.9 to 0",
    ),
    Case(
        "R114",
        (S, "momentum", "phases", 1, "momentum"),
        momentum_table("50%", 0.8),
        momentum_table("50%", {"from": 0.9, "to": 0.8}),
    ),
    Case(
        "R115",
        (S, "initial_lr"),
        schedule("1cycle", max_lr=0.1, initial_lr=0.1),
        schedule("1cycle", max_lr=0.1, initial_lr=0.09),
        "warning",
    ),
    Case(
        "R115",
        (S, "final_lr"),
        schedule("1cycle", max_lr=0.1, final_lr=0.01),
        schedule("1cycle", max_lr=0.1, final_lr=0.001),
        "warning",
    ),
    Case(
        "R115",
        (S, "min_lr"),
        schedule("cyclic", min_lr=1, max_lr=0.1, half_cycle="1 epoch"),
        schedule("cyclic", min_lr=0, max_lr=0.1, half_cycle="1 epoch"),
        "warning",
    ),
    Case(
        "R115", (S, "initial_lr"), schedule("wsd", max_lr=0.1, initial_lr=0.2), schedule("wsd", max_lr=0.1), "warning"
    ),
    Case(
        "R115",
        (S, "final_lr"),
        schedule("cosine", initial_lr=0.1, final_lr=1),
        schedule("linear", initial_lr=0.1, final_lr=1),
        "warning",
        "1 and 0.1",
    ),
    Case(
        "R115",
        (S, "warmup", "from"),
        schedule("linear", initial_lr=0.1, warmup={"duration": "1%", "from": 0.1}),
        schedule("linear", initial_lr=0.1, warmup={"duration": "1%", "from": 0.09}),
        "warning",
    ),
    Case(
        "R115",
        (S, "warmup"),
        {S: {**rows(("100%", {"from": 0, "to": 0.1}))[S], "warmup": {"duration": "1 epoch"}}},
        rows(("100%", {"from": 0, "to": 0.1})),
        "warning",
    ),
    Case(
        "R116",
        (S, "boundaries", 1),
        schedule("piecewise", **PIECES | {"boundaries": ["4 epochs", "12 epochs"]}),
        schedule("piecewise", **PIECES | {"boundaries": ["4 epochs", "11.5 epochs"]}),
        "warning",
        "12 epochs",
    ),
    Case(
        "R116",
        (S, "boundaries", 1),
        schedule("piecewise", **PIECES, warmup={"duration": "4 epochs"}),
        schedule("piecewise", **PIECES, warmup={"duration": "4 steps"}),
        "warning",
        "the schedule's 8 epochs",
    ),
    Case(
        "R116",
        (S, "first_period"),
        schedule("cosine_restarts", initial_lr=0.1, first_period="12 epochs"),
        schedule("cosine_restarts", initial_lr=0.1, first_period="6 epochs"),
        "warning",
    ),
    Case(
        "R116",
        (S, "half_cycle"),
        schedule("cyclic", min_lr=0, max_lr=0.1, half_cycle="100%"),
        schedule("cyclic", min_lr=0, max_lr=0.1, half_cycle="50%"),
        "warning",
    ),
    Case(
        "R117",
        (S, "kind"),
        both(CYCLE, {"training": {"epochs": 9}}),
        both(CYCLE, {"training": {"epochs": 10}}),
        "warning",
        "0.9 epochs",
    ),
    Case(
        "R117",
        (S, "final", "duration"),
        schedule(
            "1cycle",
            max_lr=0.1,
            up={"duration": "6 epochs"},
            down={"duration": "5.5 epochs"},
            final={"duration": "0.5 epochs"},
        ),
        schedule(
            "1cycle",
            max_lr=0.1,
            up={"duration": "6 epochs"},
            down={"duration": "5 epochs"},
            final={"duration": "1 epoch"},
        ),
        "warning",
    ),
]
