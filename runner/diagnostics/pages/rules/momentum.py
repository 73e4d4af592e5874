"""R101 to R104: momentum of schedules and optimizers."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R101",
        title="a schedule moves a momentum that the optimizer does not have",
        what="""The schedule gives momentum, in a key of its own, in the rows of a phase table, or by being 1cycle,
        which cycles momentum unless it says otherwise; and the optimizer has none that a schedule could drive. sgd
        and rmsprop have momentum; adam, adamw, nadam, adamax, lamb and lion have it as beta_1.""",
        why="The curve would be printed and never act.",
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
        what="The optimizer is lion and the schedule takes the momentum to 0.",
        why="Lion steps by the sign of its momentum, and its beta_1 must be above 0.",
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
        title="1cycle's momentum is upside down",
        what="momentum.low is above momentum.high.",
        why="""Momentum is low where the learning rate is high, so that large updates are damped. The other way round
        both are large at the peak, where training then tends to diverge.""",
        bad="schedule: {kind: 1cycle, max_lr: 0.1, momentum: {high: 0.85, low: 0.95}}",
        good="schedule: {kind: 1cycle, max_lr: 0.1, momentum: {high: 0.95, low: 0.85}}",
    ),
    Page(
        code="R104",
        title="nesterov without momentum",
        what="SGD says nesterov, its momentum is 0, and the schedule gives none.",
        why="Nesterov's method looks ahead along the momentum. Without momentum it is plain gradient descent.",
        bad="optimizer: {kind: sgd, nesterov: true}",
        good="optimizer: {kind: sgd, nesterov: true, momentum: 0.9}",
    ),
]
