"""R101 to R104: momentum of schedules and optimizers."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R101",
        title="a scheduled momentum that the optimizer does not have",
        what="""The schedule drives momentum (by its key momentum, in the rows of a phase table, or as 1cycle, which
        cycles momentum by default), but the optimizer has none that a schedule could drive. sgd and rmsprop have
        momentum; adam, adamw, nadam, adamax, lamb and lion have it as beta_1.""",
        why="The curve would be printed but have no effect.",
        bad="""
        optimizer: {kind: adagrad}
        schedule: {kind: 1cycle, max_lr: 0.1}
        """,
        good="""
        optimizer: {kind: adagrad}
        schedule: {kind: 1cycle, max_lr: 0.1, momentum: fixed}
        """,
    ),
    Page(
        code="R102",
        title="momentum 0 with lion",
        what="The optimizer is lion, and the schedule lowers the momentum to 0.",
        why="Lion steps in the direction of the sign of its momentum, so its beta_1 must be above 0.",
        bad="""
        optimizer: {kind: lion}
        schedule: {kind: constant, learning_rate: 1e-4, momentum: 0.0}
        """,
        good="""
        optimizer: {kind: lion}
        schedule: {kind: constant, learning_rate: 1e-4, momentum: 0.9}
        """,
    ),
    Page(
        code="R103",
        title="inverted momentum of 1cycle",
        what="momentum.low is above momentum.high.",
        why="""Momentum should be low where the learning rate is high, so that large updates are damped. The other way
        round, both peak together, and training tends to diverge there.""",
        bad="schedule: {kind: 1cycle, max_lr: 0.1, momentum: {high: 0.85, low: 0.95}}",
        good="schedule: {kind: 1cycle, max_lr: 0.1, momentum: {high: 0.95, low: 0.85}}",
    ),
    Page(
        code="R104",
        title="nesterov without momentum",
        what="sgd has nesterov: true, its momentum is 0, and the schedule does not drive momentum.",
        why="Nesterov's method looks ahead along the momentum. Without momentum it is plain gradient descent.",
        bad="optimizer: {kind: sgd, nesterov: true}",
        good="optimizer: {kind: sgd, nesterov: true, momentum: 0.9}",
    ),
]
