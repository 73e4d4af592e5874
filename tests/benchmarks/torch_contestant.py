"""A hand-written PyTorch loop over data in memory; imports nothing else of this project.

``python -m tests.benchmarks.torch_contestant WORKLOAD EPOCHS EXAMPLES`` prints what the other contestants print.
"""

import json
import resource
import sys
import time
from itertools import pairwise

import torch

from tests.benchmarks.torch_models import BATCH, MODELS, cycled, made


def trained(workload: str, epochs: int, examples: int) -> list[float]:
    """Seconds of every epoch after the first."""
    torch.manual_seed(0)
    x, y = made(examples)
    model = MODELS[workload]()
    optimizer, cycle = cycled(model.parameters(), epochs * -(-examples // BATCH))
    ends: list[float] = []
    for _ in range(epochs):
        loss_sum, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for batch in torch.randperm(examples).split(BATCH):
            targets = y[batch]
            outputs = model(x[batch].float() / 255)
            loss = torch.nn.functional.cross_entropy(outputs, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            cycle.step()
            loss_sum += loss.detach() * len(batch)
            right += (outputs.argmax(1) == targets).sum()
        assert torch.isfinite(loss_sum)
        assert right <= examples
        ends.append(time.perf_counter())
    return [later - earlier for earlier, later in pairwise(ends)]


def main() -> None:
    """Train once and print what it took."""
    seconds = trained(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
