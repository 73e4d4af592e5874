"""PyTorch Lightning on the workloads' models, for those who have it; it imports nothing of this project.

``python -m tests.benchmarks.lightning_contestant WORKLOAD EPOCHS EXAMPLES`` prints what the other contestants print.
"""

import json
import resource
import sys
import time
import warnings
from typing import Any

import lightning
import torch
from torch import nn

BATCH = 128


def mlp() -> nn.Module:
    """784-300-100-10 with the dropout of the workload."""
    first, second = nn.Linear(784, 300), nn.Linear(300, 100)
    hidden = (nn.Dropout(0.05), first, nn.ReLU(), nn.Dropout(0.2), second, nn.ReLU(), nn.Dropout(0.1))
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(100, 10))


def lenet() -> nn.Module:
    """6 and 16 filters of 5 by 5, then 120-84-10."""
    convolutions = (nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU())
    head = (nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    return nn.Sequential(*convolutions, nn.MaxPool2d(2), nn.Flatten(), *head)


class Module(lightning.LightningModule):  # type: ignore[misc]
    """The model under 1cycle, with accuracy."""

    def __init__(self, model: nn.Module, steps: int) -> None:
        super().__init__()
        self.model, self.steps, self.ends = model, steps, list[float]()

    def training_step(self, batch: Any, index: int) -> Any:
        """Loss and accuracy of a batch."""
        x, y = batch
        outputs = self.model(x.float() / 255)
        loss = nn.functional.cross_entropy(outputs, y)
        accuracy = (outputs.argmax(1) == y).float().mean()
        self.log_dict({"loss": loss, "accuracy": accuracy}, on_step=False, on_epoch=True)
        return loss

    def on_train_epoch_end(self) -> None:
        """Note the time."""
        self.ends.append(time.perf_counter())

    def configure_optimizers(self) -> Any:
        """SGD whose rate and momentum follow the cycle at every step."""
        optimizer = torch.optim.SGD(self.parameters(), lr=0.01, momentum=0.95, nesterov=True)
        cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=self.steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cycle, "interval": "step"}}


def main() -> None:
    """Train once and print what it took."""
    warnings.filterwarnings("ignore")
    workload, epochs, examples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    x = torch.randint(0, 256, (examples, 1, 28, 28), dtype=torch.uint8)
    data = torch.utils.data.TensorDataset(x, torch.randint(0, 10, (examples,)))
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)
    module = Module({"mlp": mlp, "lenet": lenet}[workload](), epochs * len(loader))
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    lightning.Trainer(max_epochs=epochs, accelerator="cpu", enable_checkpointing=False, **quiet).fit(module, loader)
    seconds = [later - earlier for earlier, later in zip(module.ends, module.ends[1:], strict=False)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
