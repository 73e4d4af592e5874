"""What a server of MLflow is to have of a run, said independently of the sink."""

from collections.abc import Iterable

from runner.events import EpochEnded, Event, RunEnded, Steps

Value = tuple[str, float, int, int]
"""Name, value, milliseconds since 1970, step."""


def wanted(given: Iterable[Event]) -> set[Value]:
    found: set[Value] = set()
    for event in given:
        when = round(event.time * 1000)
        match event:
            case Steps():
                for name, values in {"loss": event.loss, **event.hyperparameters}.items():
                    found |= {(f"step/{name}", v, when, step) for step, v in enumerate(values, event.first_step)}
            case EpochEnded():
                found |= {(f"epoch/{name}", value, when, event.step) for name, value in event.metrics.items()}
            case RunEnded():
                found |= {(f"final/{name}", value, when, event.steps) for name, value in event.metrics.items()}
            case _:
                pass
    return found
