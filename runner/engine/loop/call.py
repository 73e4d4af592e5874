"""What one compiled call did."""

from dataclasses import dataclass

from runner.engine.step.compiled import StepValues


@dataclass(frozen=True)
class Call:
    """K optimizer steps that were made."""

    values: StepValues
    sizes: list[int]
    """Examples of each step's batch."""
    seconds: float
    """Wall time."""
    compiled: bool
    """Whether it included compiling, and so says nothing about speed."""

    @property
    def examples(self) -> int:
        """Of all its steps."""
        return sum(self.sizes)
