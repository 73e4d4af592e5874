"""R255 to R257: what is left out of an epoch, what is subtracted from inputs, and outputs without activation."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R255",
        title="drop_remainder leaves nothing to train",
        what="The training part has fewer examples than a batch, and drop_remainder leaves out what fills no batch.",
        why="An epoch would have no step.",
        bad="data: {source: builtin, name: iris, batch_size: 128, drop_remainder: true}",
        good="data: {source: builtin, name: iris, batch_size: 32, drop_remainder: true}",
    ),
    Page(
        code="R256",
        title="centred twice",
        what="The recipe says `center: true` beside `scale: standard`.",
        why="""`standard` subtracts the mean and divides by the deviation; `center` subtracts the mean and does not
        divide, with or without a factor as `scale`. One of them is not what was meant.""",
        bad="data: {source: builtin, name: wine, scale: standard, center: true}",
        good="data: {source: builtin, name: wine, center: true}",
    ),
    Page(
        code="R257",
        title="logits do not fit the output",
        what="`logits: true` stands beside an activation, or in a regression.",
        why="""Logits are what a classifier gives before softmax or sigmoid. The loss applies these itself, so that an
        activation would act twice, and a regression has none to leave out.""",
        bad="model: {output: {logits: true, activation: softmax}}",
        good="model: {output: {logits: true}}",
    ),
]
