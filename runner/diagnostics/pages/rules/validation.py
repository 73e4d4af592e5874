"""R225 to R230: which model is restored, and when the validation part is evaluated."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R225",
        title="two monitors for one best model",
        what="""early_stopping restores the best model by its monitor (val_loss by default), and training.best names a
        different one.""",
        why="""Only one model can be tested and saved at the end. As in Keras, the monitor that stops the run also
        determines the model to restore.""",
        bad="training: {epochs: 30, best: val_loss, early_stopping: {monitor: val_accuracy, patience: 5}}",
        good="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5}}",
    ),
    Page(
        code="R226",
        title="a baseline out of reach",
        what="early_stopping.baseline is 1 or more for an accuracy, or 0 or less for a loss or an error.",
        why="""An epoch counts as an improvement only if it beats the baseline. If none can, every run ends as soon as
        patience runs out.""",
        bad="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5, baseline: 98}}",
        good="training: {epochs: 30, early_stopping: {monitor: val_accuracy, patience: 5, baseline: 0.98}}",
    ),
    Page(
        code="R227",
        title="validation without examples",
        what="training.validation is set, and the data or its fallback has no validation part.",
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
        title="validation that never happens",
        what="training.validation.every is zero, or longer than the run.",
        why="""Evaluations must be at least one step apart. An interval longer than the run never ends; the model is
        evaluated at the end of the run in any case.""",
        bad="training: {epochs: 12, validation: {every: 20 epochs}}",
        good="training: {epochs: 12, validation: {every: 100%}}",
    ),
    Page(
        code="R229",
        title="a partial validation that never happens",
        what="training.validation.between is set, but all validation examples are evaluated every epoch.",
        why="The partial evaluation is for epochs that do not end with a full one, and there are none.",
        bad="training: {epochs: 12, validation: {between: 10%}}",
        good="training: {epochs: 12, validation: {every: 4 epochs, between: 10%}}",
    ),
    Page(
        code="R230",
        title="more validation examples than there are",
        what="training.validation.between asks for more examples than the validation part of the sample has.",
        why="The partial evaluation would be a full one.",
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
