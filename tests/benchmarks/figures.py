"""``make figures``: the reference recipes of the gallery with three seeds, beside the published figures."""

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

GALLERY = Path(__file__).parents[2] / "recipes"
SEEDS = (1, 2, 3)
# Final validation accuracy that the notebook of Hands-On Machine Learning, chapter 11, reports (ageron/handson-ml3),
# Smith 2018, table 2, for LeNet, and the goal of the README's recipe.
PUBLISHED = {
    "fashion_power": ("val_accuracy", 0.8714),
    "fashion_exponential": ("val_accuracy", 0.8812),
    "fashion_piecewise": ("val_accuracy", 0.8716),
    "fashion_plateau": ("val_accuracy", 0.8868),
    "fashion_1cycle": ("val_accuracy", 0.8920),
    "mnist_lenet_1cycle": ("test_accuracy", 0.9925),
    "mnist_1cycle": ("test_accuracy", 0.983),
}


def trained(name: str, seed: int) -> dict[str, float]:
    """Metrics of one run on the recipe's own data."""
    command = [sys.executable, "-m", "runner", "run", str(GALLERY / f"{name}.yaml"), "--no-fallback"]
    command += ["--set", f"seed={seed}", "--set", "expect=null", "--json", "-q"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    metrics: dict[str, float] = json.loads(done.stdout)["metrics"]
    return metrics


def main() -> None:
    """Print a row a recipe; ``RECIPES=a,b`` chooses some."""
    chosen = [name for name in os.environ.get("RECIPES", "").split(",") if name] or list(PUBLISHED)
    print(f"{'recipe':<20} {'metric':<13} {'seeds':<24} {'mean':>7} {'published':>10}")
    for name in chosen:
        metric, published = PUBLISHED[name]
        values = [trained(name, seed)[metric] for seed in SEEDS]
        seeds = " ".join(f"{value:.4f}" for value in values)
        print(f"{name:<20} {metric:<13} {seeds:<24} {statistics.mean(values):7.4f} {published:10.4f}", flush=True)


if __name__ == "__main__":
    main()
