"""What a server of MLflow is to have of a run, said independently of the sink."""

from collections.abc import Iterable

from runner.events import EpochEnded, Event, RunEnded, Steps

Value = tuple[str, float, int, int]
"""Name, value, milliseconds since 1970, step."""


def wanted(given: Iterable[Event], every: int = 1) -> set[Value]:
    """All values of a run; of its steps every so many, and the last."""
    found: set[Value] = set()
    events = list(given)
    last = max((event.first_step + len(event.loss) for event in events if isinstance(event, Steps)), default=0) - 1
    for event in events:
        when = round(event.time * 1000)
        match event:
            case Steps():
                for name, values in {"loss": event.loss, **event.hyperparameters}.items():
                    rows = [(f"step/{name}", v, when, step) for step, v in enumerate(values, event.first_step)]
                    found |= {row for row in rows if row[3] % every == 0 or row[3] == last}
            case EpochEnded():
                found |= {(f"epoch/{name}", value, when, event.step) for name, value in event.metrics.items()}
            case RunEnded():
                found |= {(f"final/{name}", value, when, event.steps) for name, value in event.metrics.items()}
            case _:
                pass
    return found
