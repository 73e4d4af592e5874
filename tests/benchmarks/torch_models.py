"""The workloads' models in PyTorch; imports nothing of this project."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

BATCH = 128


class Residual(nn.Module):  # type: ignore[misc]
    """Two convolutions with batch normalization beside a shortcut by a 1 x 1 convolution."""

    def __init__(self, taken: int, filters: int, stride: int) -> None:
        super().__init__()
        self.learned = nn.Sequential(
            nn.Conv2d(taken, filters, 3, stride, 1, bias=False),
            nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
            nn.ReLU(),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False),
            nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01),
        )
        self.shortcut = nn.Conv2d(taken, filters, 1, stride, bias=False)

    def forward(self, x: Any) -> Any:
        """Relu of the sum."""
        return nn.functional.relu(self.learned(x) + self.shortcut(x))


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


def resnet() -> nn.Module:
    """Residual blocks of 16 and of 32 filters, then the mean over the image."""
    blocks = (Residual(1, 16, 1), Residual(16, 32, 2))
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))


MODELS: dict[str, Callable[[], nn.Module]] = {"mlp": mlp, "lenet": lenet, "resnet": resnet}


def cycled(parameters: Any, steps: int) -> tuple[Any, Any]:
    """SGD, and the 1cycle that its rate and momentum follow at every step."""
    optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.95, nesterov=True)
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=steps)


def made(examples: int) -> tuple[Any, Any]:
    """Images and classes at random."""
    return torch.randint(0, 256, (examples, 1, 28, 28), dtype=torch.uint8), torch.randint(0, 10, (examples,))
