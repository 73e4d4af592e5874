"""R111, R112, R116, R117, R119 and R120: durations and the length of the run."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R111",
        title="phases that do not cover the run",
        what="""The durations of a phase table, of 1cycle, or of a momentum table do not add up to the run; or the ramp
        and the decay of wsd leave nothing between them. Percentages refer to the run without its warm-up; those of a
        momentum table refer to the whole run. Durations in steps are checked when the run is planned.""",
        why="In a gap there is no learning rate, and anything beyond the end of the run never happens.",
        bad="schedule: {kind: 1cycle, max_lr: 0.1, final: {duration: 20%}}",
        good="schedule: {kind: 1cycle, max_lr: 0.1, up: {duration: 35%}, final: {duration: 20%}}",
    ),
    Page(
        code="R112",
        title="a warm-up as long as the run",
        what="The warm-up is not shorter than the run.",
        why="The schedule after it would never start.",
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
        title="a part beyond the end of the run",
        what="""A boundary, the first period of cosine_restarts, half a cycle of cyclic, or the first stair of a decay
        does not end before the run.""",
        why="What should happen there never does. This is common after lowering the number of epochs.",
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
        title="the final phase of 1cycle is shorter than an epoch",
        what="The last phase of 1cycle (10 % of the run by default) is shorter than one epoch.",
        why="""This phase refines the weights with tiny updates over the last few epochs. In less than one epoch it does
        not even see every example.""",
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
        why="""While the learning rate is high, the monitor may well stagnate. These schedules improve most in their
        last phase, which early stopping would cut off.""",
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
        what="""The patience of a plateau or of early_stopping cannot run out before the run ends. The first epoch sets
        the best value, so the earliest reaction comes after epoch patience + 1; it comes later if start_from_epoch
        skips epochs, or if training.validation computes the monitor less often.""",
        why="It can never have an effect.",
        bad="training: {epochs: 10, early_stopping: {patience: 10}}",
        good="training: {epochs: 30, early_stopping: {patience: 10}}",
    ),
]
