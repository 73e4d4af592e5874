"""R225 to R230: what restores the best model, and when the validation part is evaluated."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R225",
        title="two monitors for one best model",
        what="""early_stopping restores the best model by its monitor (val_loss where none is written), and
        training.best names another figure.""",
        why="""The model that is tested and saved at the end is one of the two. The monitor that stops the run is
        the one that restores, as in Keras.""",
        bad="training: {epochs: 30, best: val_loss, early_stopping: {monitor: val_accuracy, patience: 5}}",
        good="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5}}",
    ),
    Page(
        code="R226",
        title="a baseline out of reach",
        what="early_stopping.baseline is 1 or more for an accuracy, or 0 or less for a loss or an error.",
        why="""An epoch counts as an improvement only when it beats the baseline. If none can, every run ends when the
        patience has run out.""",
        bad="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5, baseline: 98}}",
        good="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5, baseline: 0.98}}",
    ),
    Page(
        code="R227",
        title="a validation without examples",
        what="training.validation says when to evaluate, and the data, or its fallback, has no validation part.",
        why="There is nothing to evaluate.",
        bad="""
        data: {source: tfds, name: mnist, scale: 1/255}
        training: {epochs: 12, validation: {every: 2 epochs}}
        """,
        good="""
        data:
          source: tfds
          name: mnist
          scale: 1/255
          splits: {train: "train[:90%]", validation: "train[90%:]"}
        training: {epochs: 12, validation: {every: 2 epochs}}
        """,
    ),
    Page(
        code="R228",
        title="a validation that cannot take place",
        what="training.validation.every is zero, or longer than the run.",
        why="""Evaluations are a number of steps apart, and that number is at least one. One that is longer than the run
        never comes about; the end of the run is followed by an evaluation in any case.""",
        bad="training: {epochs: 12, validation: {every: 20 epochs}}",
        good="training: {epochs: 12, validation: {every: 100%}}",
    ),
    Page(
        code="R229",
        title="a part of the validation that never acts",
        what="training.validation.between is written, and all validation examples are evaluated every epoch.",
        why="The part is for the ends of epochs that have no evaluation of all examples, and there are none.",
        bad="training: {epochs: 12, validation: {between: 10%}}",
        good="training: {epochs: 12, validation: {every: 4 epochs, between: 10%}}",
    ),
    Page(
        code="R230",
        title="more validation examples than there are",
        what="training.validation.between asks for more examples than the validation part of the sample has.",
        why="The part would be the whole.",
        bad="""
        data: {source: builtin, name: digits, scale: 1/16}
        training: {epochs: 12, validation: {every: 4 epochs, between: 500 examples}}
        """,
        good="""
        data: {source: builtin, name: digits, scale: 1/16}
        training: {epochs: 12, validation: {every: 4 epochs, between: 50 examples}}
        """,
    ),
]
