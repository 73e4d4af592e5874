"""R111, R112, R116, R117, R119 and R120: durations against the run."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R111",
        title="phases do not cover the run",
        what="""The durations of a phase table, of 1cycle, or of a momentum table do not add up to the run; or ramp and
        decay of wsd leave nothing between them. Percents are shares of what a warm-up leaves; those of a momentum
        table are shares of the whole run. Durations in steps are compared when the run is planned.""",
        why="In a gap there is no learning rate, and what hangs over the end never happens.",
        bad="schedule: {kind: 1cycle, max_lr: 0.1, final: {duration: 20%}}",
        good="schedule: {kind: 1cycle, max_lr: 0.1, up: {duration: 35%}, final: {duration: 20%}}",
    ),
    Page(
        code="R112",
        title="a warm-up as long as the run",
        what="The warm-up is not shorter than the run.",
        why="The schedule behind it would never start.",
        bad="""
        training: {epochs: 5}
        schedule: {kind: cosine, initial_lr: 0.1, warmup: {duration: 5 epochs}}
        """,
        good="""
        training: {epochs: 5}
        schedule: {kind: cosine, initial_lr: 0.1, warmup: {duration: 1 epoch}}
        """,
    ),
    Page(
        code="R116",
        title="beyond the end of the run",
        what="""A boundary, the first period of cosine_restarts, half a cycle of cyclic, or the first stair of a decay
        does not end before the run does.""",
        why="What would happen there never happens. This is common after the number of epochs was lowered.",
        bad="""
        training: {epochs: 5}
        schedule: {kind: piecewise, boundaries: [8 epochs], values: [0.1, 0.01]}
        """,
        good="""
        training: {epochs: 10}
        schedule: {kind: piecewise, boundaries: [8 epochs], values: [0.1, 0.01]}
        """,
    ),
    Page(
        code="R117",
        title="1cycle's final phase is shorter than an epoch",
        what="The last phase of 1cycle, 10 % of the run unless the recipe says otherwise, lasts less than an epoch.",
        why="""It refines the weights with tiny updates over the final few epochs. In less than one it does not even see
        every example.""",
        bad="""
        training: {epochs: 5}
        schedule: {kind: 1cycle, max_lr: 0.1}
        """,
        good="""
        training: {epochs: 5}
        schedule:
          kind: 1cycle
          max_lr: 0.1
          up: {duration: 2 epochs}
          down: {duration: 2 epochs}
          final: {duration: 1 epoch}
        """,
    ),
    Page(
        code="R119",
        title="early stopping under 1cycle or wsd",
        what="The recipe has early_stopping, and its schedule is 1cycle or wsd.",
        why="""While the learning rate is high the monitor may well stand still. These schedules improve most in their
        last phase, which an early stop cuts off.""",
        bad="""
        training: {epochs: 30, early_stopping: {patience: 5}}
        schedule: {kind: 1cycle, max_lr: 0.1}
        """,
        good="""
        training: {epochs: 30}
        schedule: {kind: 1cycle, max_lr: 0.1}
        """,
    ),
    Page(
        code="R120",
        title="patience that outlasts the run",
        what="""The patience of a plateau or of early_stopping cannot be used up before the run ends. The first epoch
        sets the best, so that the earliest reaction follows epoch patience + 1; later where start_from_epoch leaves
        epochs out, or where training.validation computes the monitor less often.""",
        why="It never acts.",
        bad="training: {epochs: 10, early_stopping: {patience: 10}}",
        good="training: {epochs: 30, early_stopping: {patience: 10}}",
    ),
]
