"""What optax, PyTorch and transformers are asked: a schedule of the recipe language beside the same thing in theirs.

Where theirs differs in meaning, the arguments are mapped and ``differs`` says how; the run has N steps.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

AT_N = "theirs reaches the final value at step N, ours at N−1: asked with N−1 steps"
INSIDE = "theirs has a period that ends with the run one step late: the run ends inside a period"
EPOCH_STAIRS = "theirs is a factor a stair: asked with r^(epoch/s) an epoch"
ONE_EARLY = "theirs peaks at ⌊share·N⌋−1: our durations are those steps"
BETWEEN = "theirs counts the intervals, not the steps: asked with N−1"
TORCH_PLATEAU = "theirs cuts when wait > patience and leaves an epoch more out after a cut: asked with one less of both"


@dataclass(frozen=True)
class Case:
    """One schedule, in the recipe's words and as an expression of the oracle's."""

    schedule: dict[str, Any]
    call: str
    """A function of the step, or a scheduler around ``sgd(learning_rate)`` or ``adam(learning_rate)``."""
    differs: str = ""
    epochs: int = 6
    steps_per_epoch: int = 10
    optimizer: dict[str, Any] = field(default_factory=lambda: {"kind": "sgd", "momentum": 0.9})
    monitor: tuple[float, ...] = ()
    """Of a plateau: its value after each epoch."""

    @property
    def keys(self) -> dict[str, Any]:
        """As they stand in the file."""
        return asdict(self)


def made(kind: str, call: str, differs: str = "", *, run: dict[str, Any] | None = None, **keys: Any) -> Case:
    return Case({"kind": kind, **keys}, call, differs, **(run or {}))


def way(first: float, last: float) -> dict[str, float]:
    return {"from": first, "to": last}


HUNDRED = {"epochs": 10}
WAVE = ("9 steps", "9 steps", "9 steps", "10 steps")
VALUES = (1.0, 0.9, 0.895, 0.895, 0.891, 0.88, 0.88, 0.87, 0.879, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.5, 0.5, 0.5)
ONE_CYCLE = {"up": {"duration": "44 steps"}, "down": {"duration": "44 steps"}, "final": {"duration": "12 steps"}}
COSINE_CYCLE = {key: {**part, "curve": "cosine"} for key, part in ONE_CYCLE.items()}
THREE_PHASES = (
    "total_steps=100, pct_start=0.45, three_phase=True, div_factor=10, final_div_factor=1000, "
    "base_momentum=0.85, max_momentum=0.95"
)
SGDR = (
    "optax.sgdr_schedule([dict(init_value=0.1 * 0.5**i, peak_value=0.1 * 0.5**i, warmup_steps=0, "
    "decay_steps=8 * 2**i, end_value=0.001) for i in range(4)])"
)

CASES: dict[str, Case] = {
    "constant": made("constant", "optax.constant_schedule(0.03)", learning_rate=0.03),
    "constant behind a warmup": made(
        "constant", "transformers.get_constant_schedule_with_warmup(sgd(0.03), 12)",
        learning_rate=0.03, warmup={"duration": "12 steps"}),
    "piecewise, optax": made(
        "piecewise", "optax.piecewise_constant_schedule(0.1, {20: 0.5, 45: 0.1})",
        boundaries=["20 steps", "45 steps"], values=[0.1, 0.05, 0.005]),
    "piecewise, torch": made(
        "piecewise", "torch.MultiStepLR(sgd(0.1), [20, 45], gamma=0.1)",
        boundaries=["2 epochs", "75%"], values=[0.1, 0.01, 0.001]),
    "exponential, optax": made(
        "exponential", "optax.exponential_decay(0.1, 20, 0.1)", initial_lr=0.1, decay_every="20 steps"),
    "exponential, torch": made(
        "exponential", "torch.ExponentialLR(sgd(0.1), 0.1 ** (1 / 20))", initial_lr=0.1, decay_every="2 epochs"),
    "exponential in stairs, optax": made(
        "exponential", "optax.exponential_decay(0.1, 10, 0.7, staircase=True)",
        initial_lr=0.1, decay_every="1 epoch", decay_rate=0.7, staircase=True),
    "exponential in stairs, torch": made(
        "exponential", "torch.StepLR(sgd(0.1), 10, 0.1 ** (10 / 25))", EPOCH_STAIRS,
        initial_lr=0.1, decay_every="25 steps", every="1 epoch"),
    "linear, optax": made("linear", "optax.linear_schedule(0.1, 0.001, 59)", AT_N, initial_lr=0.1, final_lr=0.001),
    "linear, torch": made(
        "linear", "torch.LinearLR(sgd(0.1), 1.0, 0.01, total_iters=59)", AT_N, initial_lr=0.1, final_lr=0.001),
    "linear behind a warmup": made(
        "linear", "transformers.get_linear_schedule_with_warmup(sgd(0.1), 12, 59)", AT_N,
        initial_lr=0.1, warmup={"duration": "20%"}),
    "polynomial, optax": made(
        "polynomial", "optax.polynomial_schedule(0.1, 0.001, 1.7, 59)", AT_N,
        initial_lr=0.1, final_lr=0.001, power=1.7),
    "polynomial, torch": made(
        "polynomial", "torch.PolynomialLR(sgd(0.1), total_iters=59, power=2.0)", AT_N, initial_lr=0.1),
    "polynomial behind a warmup": made(
        "polynomial", "transformers.get_polynomial_decay_schedule_with_warmup(sgd(0.1), 12, 59, 0.001, 1.7)", AT_N,
        initial_lr=0.1, final_lr=0.001, power=1.7, warmup={"duration": "12 steps"}),
    "cosine, optax": made(
        "cosine", "optax.cosine_decay_schedule(0.1, 59, alpha=0.01)", AT_N, initial_lr=0.1, final_lr=0.001),
    "cosine, torch": made(
        "cosine", "torch.CosineAnnealingLR(sgd(0.1), 59, eta_min=0.001)", AT_N, initial_lr=0.1, final_lr=0.001),
    "cosine behind a warmup, optax": made(
        "cosine", "optax.warmup_cosine_decay_schedule(0.005, 0.1, 12, 59, 0.001)", AT_N,
        initial_lr=0.1, final_lr=0.001, warmup={"duration": "20%", "from": 0.005}),
    "cosine behind a warmup, transformers": made(
        "cosine", "transformers.get_cosine_schedule_with_warmup(sgd(0.1), 12, 59)", AT_N,
        initial_lr=0.1, warmup={"duration": "12 steps"}),
    "cosine_restarts, optax": made(
        "cosine_restarts", SGDR, INSIDE,
        initial_lr=0.1, final_lr=0.001, first_period="8 steps", t_mul=2.0, m_mul=0.5),
    "cosine_restarts, torch": made(
        "cosine_restarts", "torch.CosineAnnealingWarmRestarts(sgd(0.1), 8, 2, eta_min=0.001)", INSIDE,
        initial_lr=0.1, final_lr=0.001, first_period="8 steps"),
    "cosine_restarts, equal periods": made(
        "cosine_restarts", "transformers.get_cosine_with_hard_restarts_schedule_with_warmup(sgd(0.1), 0, 66, 3)",
        INSIDE, initial_lr=0.1, first_period="22 steps", t_mul=1.0),
    "cyclic, triangular": made(
        "cyclic", "torch.CyclicLR(sgd(0.01), 0.01, 0.1, 9, cycle_momentum=False)",
        min_lr=0.01, max_lr=0.1, half_cycle="9 steps"),
    "cyclic, triangular2": made(
        "cyclic", "torch.CyclicLR(sgd(0.01), 0.01, 0.1, 9, mode='triangular2', cycle_momentum=False)",
        min_lr=0.01, max_lr=0.1, half_cycle="9 steps", mode="triangular2"),
    "cyclic, exp_range": made(
        "cyclic", "torch.CyclicLR(sgd(0.01), 0.01, 0.1, 9, mode='exp_range', gamma=0.97, cycle_momentum=False)",
        min_lr=0.01, max_lr=0.1, half_cycle="9 steps", mode="exp_range", gamma=0.97),
    "cyclic with a momentum of its own": made(
        "cyclic", "torch.CyclicLR(sgd(0.01), 0.01, 0.1, 9, base_momentum=0.85, max_momentum=0.95)",
        run={"epochs": 1, "steps_per_epoch": 37}, min_lr=0.01, max_lr=0.1, half_cycle="9 steps",
        momentum={"phases": [{"duration": duration, "momentum": way(*(0.95, 0.85)[:: 1 - 2 * (k % 2)])}
                             for k, duration in enumerate(WAVE)]}),
    "inverse_sqrt": made(
        "inverse_sqrt", "transformers.get_inverse_sqrt_schedule(sgd(0.1), 0, 15)",
        initial_lr=0.1, decay_every="15 steps"),
    "inverse_sqrt behind a warmup": made(
        "inverse_sqrt", "transformers.get_inverse_sqrt_schedule(sgd(0.1), 12, 12)",
        initial_lr=0.1, decay_every="12 steps", warmup={"duration": "12 steps"}),
    "wsd, optax": made(
        "wsd", "optax.join_schedules([optax.linear_schedule(0.0, 0.1, 6), optax.constant_schedule(0.1), "
        "optax.linear_schedule(0.1, 0.001, 17)], [6, 42])", AT_N,
        max_lr=0.1, ramp="10%", decay="30%", final_lr=0.001),
    "wsd, transformers": made(
        "wsd", "transformers.get_wsd_schedule(sgd(0.1), num_warmup_steps=6, num_stable_steps=36, "
        "num_decay_steps=17, min_lr_ratio=0.01)", AT_N,
        max_lr=0.1, ramp="6 steps", decay="18 steps", initial_lr=0.001, final_lr=0.001, curve="cosine"),
    "1cycle, torch": made(
        "1cycle", f"torch.OneCycleLR(sgd(0.1), 0.1, anneal_strategy='linear', {THREE_PHASES})", ONE_EARLY,
        run=HUNDRED, max_lr=0.1, **ONE_CYCLE),
    "1cycle by cosines, torch": made(
        "1cycle", f"torch.OneCycleLR(sgd(0.1), 0.1, anneal_strategy='cos', {THREE_PHASES})", ONE_EARLY,
        run=HUNDRED, max_lr=0.1, **COSINE_CYCLE),
    "1cycle of adam's beta_1, torch": made(
        "1cycle", f"torch.OneCycleLR(adam(0.1), 0.1, anneal_strategy='linear', {THREE_PHASES})", ONE_EARLY,
        run={**HUNDRED, "optimizer": {"kind": "adam"}}, max_lr=0.1, **ONE_CYCLE),
    "1cycle, optax": made(
        "1cycle", "optax.linear_onecycle_schedule(99, 0.1, 0.45, 0.9, 10, 1000)", BETWEEN, run=HUNDRED, max_lr=0.1,
        up={"duration": "44 steps"}, down={"duration": "45 steps"}, final={"duration": "11 steps"}),
    "phases: 1cycle in two": made(
        "phases", "torch.OneCycleLR(sgd(0.1), 0.1, total_steps=100)", ONE_EARLY, run=HUNDRED,
        phases=[{"name": "rise", "duration": "29 steps", "learning_rate": way(0.004, 0.1),
                 "momentum": way(0.95, 0.85), "curve": "cosine"},
                {"name": "fall", "duration": "71 steps", "learning_rate": way(0.1, 4e-7),
                 "momentum": way(0.85, 0.95), "curve": "cosine"}]),
    "phases: lines and a jump": made(
        "phases", "optax.join_schedules([optax.linear_schedule(0.01, 0.1, 20), optax.constant_schedule(0.05), "
        "optax.exponential_decay(0.05, 14, 0.01)], [20, 45])", AT_N,
        phases=[{"name": "up", "duration": "20 steps", "learning_rate": way(0.01, 0.1)},
                {"name": "stay", "duration": "25 steps", "learning_rate": 0.05, "jump": True},
                {"name": "down", "duration": "15 steps", "learning_rate": way(0.05, 0.0005), "curve": "exponential"}]),
    "plateau": made(
        "plateau", "torch.ReduceLROnPlateau(sgd(0.1), factor=0.5, patience=1, threshold=0.01, "
        "threshold_mode='abs', cooldown=1, min_lr=0.02)", TORCH_PLATEAU,
        run={"epochs": len(VALUES), "steps_per_epoch": 2, "monitor": VALUES},
        learning_rate=0.1, factor=0.5, patience=2, min_delta=0.01, cooldown=2, min_lr=0.02),
}  # fmt: skip
