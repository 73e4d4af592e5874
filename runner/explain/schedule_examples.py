"""An example of every kind of schedule, for ``recipe explain``; all run over the same length."""

from collections.abc import Mapping
from typing import Any

EPOCHS, STEPS_PER_EPOCH = 10, 100

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "constant": {"learning_rate": 0.01, "warmup": {"duration": "1 epoch"}},
    "power": {"initial_lr": 0.01, "decay_every": "2 epochs"},
    "exponential": {"initial_lr": 0.01, "decay_every": "5 epochs", "every": "1 epoch"},
    "piecewise": {"boundaries": ["5 epochs", "8 epochs"], "values": [0.01, 0.005, 0.001]},
    "linear": {"initial_lr": 0.1, "final_lr": 0.001},
    "polynomial": {"initial_lr": 0.1, "final_lr": 0.001, "power": 2.0},
    "inverse_sqrt": {"initial_lr": 0.003, "decay_every": "1 epoch", "warmup": {"duration": "1 epoch"}},
    "cosine": {"initial_lr": 0.1, "warmup": {"duration": "10%", "from": 0.001}},
    "cosine_restarts": {"initial_lr": 0.1, "first_period": "2 epochs", "t_mul": 1.5, "m_mul": 0.7},
    "cyclic": {"min_lr": 0.001, "max_lr": 0.01, "half_cycle": "1 epoch", "mode": "triangular2"},
    "wsd": {"max_lr": 0.003, "ramp": "10%", "decay": "30%", "curve": "cosine"},
    "1cycle": {"max_lr": 0.1, "momentum": {"high": 0.95, "low": 0.85}},
    "phases": {
        "phases": [
            {
                "name": "warm up",
                "duration": "20%",
                "learning_rate": {"from": 0.01, "to": 0.1},
                "momentum": {"from": 0.95, "to": 0.85},
            },
            {
                "name": "explore",
                "duration": "40%",
                "learning_rate": {"from": 0.1, "to": 0.05},
                "momentum": 0.85,
                "purpose": "learns at large rates",
            },
            {
                "name": "anneal",
                "duration": "40%",
                "learning_rate": {"from": 0.05, "to": 0.0001},
                "momentum": {"from": 0.85, "to": 0.95},
                "curve": "cosine",
            },
        ]
    },
    "plateau": {"learning_rate": 0.01, "monitor": "val_loss", "factor": 0.5, "patience": 2},
}
"""Keys beside ``kind``, by kind."""
