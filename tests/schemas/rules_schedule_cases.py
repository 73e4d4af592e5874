"""Cases of the rules on the form of a schedule."""

from tests.schemas.rules_helpers import Case
from tests.schemas.rules_schedule_pieces import CYCLE, HALVES, LINEAR, PIECES, S, both, momentum_table, rows, schedule

CASES = [
    Case(
        "R105",
        (S, "base"),
        schedule("plateau", learning_rate=0.1, base=LINEAR),
        schedule("plateau", base=LINEAR),
        received="both",
    ),
    Case("R105", (S, "kind"), schedule("plateau"), schedule("plateau", learning_rate=0.1), received="neither"),
    Case(
        "R106",
        (S, "base", "momentum"),
        schedule("plateau", momentum=0.9, base={**LINEAR, "momentum": 0.8}),
        schedule("plateau", momentum=0.9, base=CYCLE[S]),
    ),
    Case(
        "R106",
        (S, "base", "warmup"),
        schedule("plateau", warmup={"duration": "1 epoch"}, base={**LINEAR, "warmup": {"duration": "1 epoch"}}),
        schedule("plateau", base={**LINEAR, "warmup": {"duration": "1 epoch"}}),
    ),
    Case(
        "R106",
        (S, "momentum"),
        {S: {**rows(*HALVES, momentum=0.9, jump=True)[S], "momentum": 0.9}},
        {S: {**rows(*HALVES)[S], "momentum": 0.9}},
    ),
    Case(
        "R107",
        ("optimizer", "learning_rate"),
        both({"optimizer": {"kind": "adam", "learning_rate": 0.01}}, CYCLE),
        {"optimizer": {"kind": "adam", "learning_rate": 0.01}},
        received="0.01 and a 1cycle",
    ),
    Case(
        "R108",
        (S, "values"),
        schedule("piecewise", **PIECES | {"values": [0.1, 0.01]}),
        schedule("piecewise", **PIECES),
        received="2 values",
    ),
    Case(
        "R108",
        (S, "base", "values"),
        schedule("plateau", base={"kind": "piecewise", **PIECES, "values": [1.0] * 4}),
        schedule("plateau", base={"kind": "piecewise", **PIECES}),
    ),
    Case(
        "R109",
        (S, "boundaries", 1),
        schedule("piecewise", **PIECES | {"boundaries": ["4 epochs", "4 epochs"]}),
        schedule("piecewise", **PIECES | {"boundaries": ["4 epochs", "4 steps"]}),
        received="4 epochs after 4 epochs",
    ),
    Case(
        "R109",
        (S, "boundaries", 1),
        schedule("piecewise", **PIECES | {"boundaries": ["80%", "8 epochs"]}),
        schedule("piecewise", **PIECES | {"boundaries": ["60%", "8 epochs"]}),
        received="8 epochs after 80%",
    ),
    Case(
        "R110",
        (S, "decay_every"),
        schedule("power", initial_lr=0.1, decay_every="0 steps"),
        schedule("power", initial_lr=0.1, decay_every="1 step"),
    ),
    Case(
        "R110",
        (S, "warmup", "duration"),
        schedule(**LINEAR, warmup={"duration": "0%"}),
        schedule(**LINEAR, warmup={"duration": "0.1%"}),
    ),
    Case(
        "R110",
        (S, "boundaries", 0),
        schedule("piecewise", **PIECES | {"boundaries": ["0%", "8 epochs"]}),
        schedule("piecewise", **PIECES | {"boundaries": ["1%", "8 epochs"]}),
    ),
    Case(
        "R110",
        (S, "up", "duration"),
        schedule("1cycle", max_lr=0.1, up={"duration": "0%"}, down={"duration": "90%"}),
        CYCLE,
    ),
    Case("R110", (S, "phases", 0, "duration"), rows(("0%", 0.1), ("100%", 0.1)), rows(("1%", 0.1), ("99%", 0.1))),
    Case(
        "R110",
        (S, "momentum", "phases", 0, "duration"),
        momentum_table("0 epochs", 0.9),
        momentum_table("6 epochs", 0.9),
    ),
    Case("R110", (S, "ramp"), schedule("wsd", max_lr=0.1, ramp="0%"), schedule("wsd", max_lr=0.1, ramp="1%")),
    Case(
        "R110",
        (S, "first_period"),
        schedule("cosine_restarts", initial_lr=0.1, first_period="0 steps"),
        schedule("cosine_restarts", initial_lr=0.1, first_period="1 step"),
    ),
    Case(
        "R110",
        (S, "half_cycle"),
        schedule("cyclic", min_lr=0.1, max_lr=1, half_cycle="0 steps"),
        schedule("cyclic", min_lr=0.1, max_lr=1, half_cycle="1 step"),
    ),
    *(
        Case(
            "R240",
            (S, "every"),
            schedule(kind, initial_lr=0.1, decay_every="2 epochs", staircase=True, every="1 epoch"),
            schedule(kind, initial_lr=0.1, decay_every="2 epochs", staircase=False, every="1 epoch"),
            received="2 epochs; received every 1 epoch",
        )
        for kind in ("power", "exponential", "inverse_sqrt")
    ),
    Case(
        "R241",
        (S, "base", "warmup", "duration"),
        schedule("plateau", base={**LINEAR, "warmup": {"duration": "1 step"}}),
        schedule("plateau", base={**LINEAR, "warmup": {"duration": "1 step", "from": 0.01}}),
        "warning",
    ),
    Case(
        "R241",
        (S, "warmup", "duration"),
        schedule(**LINEAR, warmup={"duration": "1.2 steps", "overlap": True}),
        schedule(**LINEAR, warmup={"duration": "2 steps", "overlap": True}),
        "warning",
    ),
    Case(
        "R110",
        (S, "every"),
        schedule("power", initial_lr=0.1, decay_every="2 epochs", every="0 steps"),
        schedule("power", initial_lr=0.1, decay_every="2 epochs", every="1 step"),
    ),
]
