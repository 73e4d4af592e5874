"""What an example is called: by its file and row, where it has some."""

from runner.data.facts import DataFacts
from runner.data.series.prepared import PreparedSeries
from runner.data.sources.array_pieces import called
from runner.data.sources.custom import CustomDetails
from runner.data.sources.images import ImageDetails
from runner.data.sources.npz import ArrayDetails
from runner.data.sources.records import RecordDetails
from runner.data.sources.text import TextDetails
from runner.data.tabular.prepared import PreparedTable
from runner.text import printable
from runner.workflows.dataset_check.oddity import Name


def names_of(facts: DataFacts) -> Name:
    """A function that names an example by its part and its place there, with the part."""
    own = own_names_of(facts)
    return lambda part, place: printable(f"{part}, {own(part, place)}")


def own_names_of(facts: DataFacts) -> Name:
    """A function that names an example by its part and its place there, without the part."""
    details = facts.details

    def name(part: str, place: int) -> str:
        match details:
            case PreparedTable():
                own = details.facts.called(int(details.parts[part][place]))
            case RecordDetails():
                own = details.records.called(int(details.parts[part][place]))
            case PreparedSeries():
                start = int(details.parts[part][place])
                own = f"the window from {details.columns.facts.called(start)} on"
            case ImageDetails():
                own = details.called(int(details.parts[part][place]))
            case TextDetails() if len(details.files) == len(details.texts):
                path = details.files[int(details.parts[part][place])].path
                own = f"{path.parent.name}/{path.name}"
            case TextDetails():
                own = f"row {int(details.parts[part][place]) + 1:,}"
            case CustomDetails():
                own = details.called(int(details.parts[part][place]))
            case ArrayDetails():
                own = called(details.pieces, int(details.parts[part][place]))
            case _:
                own = f"example {place + 1:,}"
        return printable(own)

    return name


def input_names(facts: DataFacts) -> tuple[str, ...]:
    """Names of the numbers of a row, for inputs of one axis."""
    if isinstance(facts.details, PreparedTable):
        return facts.details.stored
    return tuple(f"input {k}" for k in range(facts.shape[0])) if len(facts.shape) == 1 else ()
