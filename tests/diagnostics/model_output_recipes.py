"""Recipes with a fault in several outputs; the place of the finding is «marked»."""

from tests.source.bad_recipes import Case
from tests.source.samples import small


def _outputs(
    price: str = "price: {task: regression}", kind: str = "kind: {task: classification}", task: str = "multi_output"
) -> str:
    return small(
        task=f"task: {task}",
        data="data: {source: csv, files: t.csv, target: [price, kind]}",
        model=f"model:\n  kind: functional\n  layers: [{{kind: dense, units: 8, name: hidden}}]\n  outputs:\n"
        f"    {price}\n    {kind}",
    )


MODEL_OUTPUTS = [
    Case("R510", _outputs(task="«regression»"), says="write `task: multi_output`"),
    Case("R511", _outputs(kind="sort: «{task: classification}»"), says="there are price or kind"),
    Case("R512", _outputs(kind="top_5: «{task: classification, target: kind}»"), says="another metric"),
    Case("R513", _outputs(price="price: {task: regression, input: «hiden»}"), says="names are input, hidden"),
    Case("R514", _outputs(price="price: {task: regression, loss: «hinge»}"), says="received hinge"),
    Case("R625", _outputs(price="price: {task: regression, class_weight: «balanced»}"), says="predicts a number"),
    Case(
        "R626",
        small(
            data="data: {source: npz, file: t.npz, inputs: x, target: «[y, z]»}",
        ),
        says="write `task: multi_output`, or name one",
    ),
    Case("R725", _outputs(kind="kind: {task: «multi_label»}"), says="`task: binary`"),
    Case("R515", _outputs(kind="kind: {task: classification, metrics: [«r2»]}"), says="received r2"),
]
