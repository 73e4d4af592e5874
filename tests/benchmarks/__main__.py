"""``make bench``: the engine against hand-written Keras, interleaved, in one process."""

import statistics

from runner.engine.start import start_tensorflow
from schemas.hardware import Hardware

ROUNDS = 3
EPOCHS = 4


def compare(title: str, layers: list[dict[str, object]], least: float) -> None:
    """Train in turn and print medians and their ratio."""
    from tests.benchmarks.contestants import engine, fit
    from tests.benchmarks.workload import dataset, plan_for

    plan, data = plan_for(EPOCHS, layers), dataset()
    seconds: dict[str, list[float]] = {"engine": [], "fit": []}
    ratios = []
    for _ in range(ROUNDS):
        a, b = engine(plan, data), fit(plan, data)
        seconds["engine"] += a
        seconds["fit"] += b
        ratios.append(statistics.median(b) / statistics.median(a))
    for name, values in seconds.items():
        print(f"{title:<6} {name:<7} {statistics.median(values):6.2f} s an epoch (least {min(values):.2f})")
    print(f"{title:<6} ratio   {statistics.median(ratios):6.2f} (rounds {', '.join(f'{r:.2f}' for r in ratios)}; "
          f"wanted {least})", flush=True)  # fmt: skip


def main() -> None:
    """Run all comparisons."""
    start_tensorflow(Hardware(device="cpu"))
    from tests.benchmarks.workload import LENET, MLP

    compare("mlp", MLP, 1.8)
    compare("lenet", LENET, 1.2)


if __name__ == "__main__":
    main()
