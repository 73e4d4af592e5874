"""A metric that custom code computes."""

import re
from typing import Literal

from pydantic import Field

from schemas.custom import Custom
from schemas.later import is_none
from schemas.quantities import MetricName


class CustomMetric(Custom):
    """Custom code: a function of targets and predictions, or a subclass of keras.metrics.Metric.

    Only with --allow-code. A function returns one value per example, and the metric is their mean. A class is updated
    with all examples of a part and gives one number. Both are computed for validation and test examples alone. Targets
    are classes of shape (b,), a column (b, 1) if there is one output unit, or (b, k) if there are k targets or labels;
    predictions are (b, units). A higher value is better unless the name ends in ``loss``, ``error`` or ``deviation``.
    """

    kind: Literal["custom"]
    name: MetricName | None = Field(default=None, exclude_if=is_none)
    """Name of the metric in tables, monitors and ``expect``; by default that of the target: ``mine:FBeta`` is
    ``f_beta``."""

    @property
    def called(self) -> str:
        """The name of the metric."""
        return self.name or _in_snake_case(self.target.partition(":")[2])


def _in_snake_case(name: str) -> str:
    """A name that monitors may have, from that of a class or a function."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower().lstrip("_")
