"""R255 to R257: drop_remainder, centring of inputs, and logits."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R255",
        title="drop_remainder leaves nothing to train",
        what="The training part has fewer examples than one batch, and drop_remainder drops incomplete batches.",
        why="An epoch would have no steps.",
        bad="data: {source: builtin, name: iris, batch_size: 128, drop_remainder: true}",
        good="data: {source: builtin, name: iris, batch_size: 32, drop_remainder: true}",
    ),
    Page(
        code="R256",
        title="centred twice",
        what="The recipe has both `center: true` and `scale: standard`.",
        why="""`standard` subtracts the mean and divides by the standard deviation; `center` subtracts the mean without
        dividing, with or without a factor as `scale`. Only one of them can be meant.""",
        bad="data: {source: builtin, name: wine, scale: standard, center: true}",
        good="data: {source: builtin, name: wine, center: true}",
    ),
    Page(
        code="R257",
        title="logits that do not fit the output",
        what="`logits: true` is combined with an activation, or used in a regression.",
        why="""Logits are the outputs of a classifier before softmax or sigmoid. The loss applies these itself, so an
        activation would be applied twice, and a regression has none to omit.""",
        bad="model: {output: {logits: true, activation: softmax}}",
        good="model: {output: {logits: true}}",
    ),
]
