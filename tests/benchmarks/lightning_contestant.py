"""PyTorch Lightning on the workloads' models, for those who have it; it imports only PyTorch's models of this project.

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

from tests.benchmarks.torch_models import BATCH, MODELS, cycled, made


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
        optimizer, cycle = cycled(self.parameters(), self.steps)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": cycle, "interval": "step"}}


def main() -> None:
    """Train once and print what it took."""
    warnings.filterwarnings("ignore")
    workload, epochs, examples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    data = torch.utils.data.TensorDataset(*made(examples))
    loader = torch.utils.data.DataLoader(data, batch_size=BATCH, shuffle=True)
    module = Module(MODELS[workload](), epochs * len(loader))
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    lightning.Trainer(max_epochs=epochs, accelerator="cpu", enable_checkpointing=False, **quiet).fit(module, loader)
    seconds = [later - earlier for earlier, later in zip(module.ends, module.ends[1:], strict=False)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


if __name__ == "__main__":
    main()
