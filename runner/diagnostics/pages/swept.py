"""R462, R466 and R760: what the values of a sweep's range do to their field."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R462",
        title="a value that its field does not take",
        what="""A range of a sweep is for a field that the recipe does not have, or one of its values is not accepted by
        `--set` for the field.""",
        why="""A trial is the recipe with such values. Both ends of a range, and each choice, are tried on the recipe
        before the first trial.""",
        bad="sweep: {objective: val_loss, trials: 9, ranges: {training.epochs: {linear: [1.0, 9.0]}}}",
        good="sweep: {objective: val_loss, trials: 9, ranges: {training.epochs: {int: [1, 9]}}}",
    ),
    Page(
        code="R466",
        title="a value that makes the recipe invalid",
        what="A value of a range is valid for its field, but breaks another rule of the recipe.",
        why="""Such trials fail unless another range changes the conflicting value. The message names the rule.""",
        bad="""
        sweep:
          objective: val_loss
          trials: 9
          ranges: {training.loss: {choice: [sparse_categorical_crossentropy, mean_squared_error]}}
        """,
        good="sweep: {objective: val_loss, trials: 9, ranges: {training.label_smoothing: {choice: [0.0, 0.1]}}}",
    ),
    Page(
        code="R760",
        title="a sweep of which no trial can be trained",
        what="""Each value of a range breaks a rule of the recipe, in every combination with the values of the other
        ranges. Of ranges without a list of values both ends and the middle are tried.""",
        why="Such a sweep lists failed trials and trains none. The message names a value and the rule that it breaks.",
        bad="sweep: {objective: val_loss, trials: 9, ranges: {training.loss: {choice: [mean_squared_error]}}}",
        good="sweep: {objective: val_loss, trials: 9, ranges: {training.label_smoothing: {choice: [0.0, 0.1]}}}",
    ),
]
