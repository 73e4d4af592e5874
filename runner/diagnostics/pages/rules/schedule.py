"""R105 to R110, R113 to R115, R118, R121, R240 and R241: the keys of a schedule."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R105",
        title="a plateau with both learning_rate and base, or neither",
        what="A plateau has both learning_rate and base, or neither.",
        why="A plateau scales exactly one thing: a constant learning rate or the curve of a base schedule.",
        bad="schedule: {kind: plateau}",
        good="schedule: {kind: plateau, learning_rate: 0.01}",
    ),
    Page(
        code="R106",
        title="a warm-up or momentum given twice",
        what="""A plateau and its base both have warmup or momentum, or a phase table has momentum both in its rows and
        beside them.""",
        why="Neither takes precedence, so the program would have to guess which one you meant.",
        bad="""
        schedule:
          kind: plateau
          momentum: 0.9
          base: {kind: linear, initial_lr: 0.1, momentum: 0.8}
        """,
        good="""
        schedule:
          kind: plateau
          momentum: 0.9
          base: {kind: linear, initial_lr: 0.1}
        """,
    ),
    Page(
        code="R107",
        title="a learning rate beside a schedule",
        what="The optimizer has a learning_rate and the recipe has a schedule.",
        why="""The optimizer's learning_rate is shorthand for a constant schedule. With another schedule it would be
        ignored, and the recipe would state something that does not happen.""",
        bad="""
        optimizer: {kind: sgd, learning_rate: 0.01}
        schedule: {kind: cosine, initial_lr: 0.1}
        """,
        good="""
        optimizer: {kind: sgd}
        schedule: {kind: cosine, initial_lr: 0.1}
        """,
    ),
    Page(
        code="R108",
        title="values that do not match boundaries",
        what="A piecewise schedule does not have exactly one more value than boundaries.",
        why="Two boundaries divide the run into three pieces, each with its own value.",
        bad="schedule: {kind: piecewise, boundaries: [5 epochs], values: [0.1, 0.01, 0.001]}",
        good="schedule: {kind: piecewise, boundaries: [5 epochs, 8 epochs], values: [0.1, 0.01, 0.001]}",
    ),
    Page(
        code="R109",
        title="boundaries out of order",
        what="""A boundary of a piecewise schedule is not after the previous one. A boundary in steps is compared with
        one in another unit when the run is planned.""",
        why="Every piece must end after it starts.",
        bad="schedule: {kind: piecewise, boundaries: [8 epochs, 5 epochs], values: [0.1, 0.01, 0.001]}",
        good="schedule: {kind: piecewise, boundaries: [5 epochs, 8 epochs], values: [0.1, 0.01, 0.001]}",
    ),
    Page(
        code="R110",
        title="a duration of zero",
        what="A phase, a warm-up, a boundary or a time scale has zero length.",
        why="A phase needs at least one step, and the formulas divide by the time scale.",
        bad="schedule: {kind: exponential, initial_lr: 0.01, decay_every: 0 epochs}",
        good="schedule: {kind: exponential, initial_lr: 0.01, decay_every: 10 epochs}",
    ),
    Page(
        code="R113",
        title="an exponential curve from or to zero",
        what="A phase, a warm-up or a decay is exponential, and one of its two values is zero.",
        why="""An exponential curve multiplies by the same factor at every step, and no factor leads to or from zero. A
        warm-up starts at 0 unless it has the key from.""",
        bad="""
        schedule:
          kind: cosine
          initial_lr: 0.1
          warmup: {duration: 1 epoch, curve: exponential}
        """,
        good="""
        schedule:
          kind: cosine
          initial_lr: 0.1
          warmup: {duration: 1 epoch, curve: exponential, from: 1e-4}
        """,
    ),
    Page(
        code="R114",
        title="an undeclared jump",
        what="""A phase starts at a different learning rate or momentum from the end of the previous phase, without
        jump: true. A row without momentum uses the optimizer's.""",
        why="Most jumps in a table are typing errors. An intended one must say so.",
        bad="""
        schedule:
          kind: phases
          phases:
            - {name: first, duration: 50%, learning_rate: 0.1}
            - {name: second, duration: 50%, learning_rate: 0.01}
        """,
        good="""
        schedule:
          kind: phases
          phases:
            - {name: first, duration: 50%, learning_rate: 0.1}
            - {name: second, duration: 50%, learning_rate: 0.01, jump: true}
        """,
    ),
    Page(
        code="R115",
        title="learning rates in the wrong order",
        what="""A rate that the schedule rises from, or falls to, is not below the other one: initial_lr and max_lr of
        1cycle and wsd, min_lr and max_lr of cyclic, final_lr of a decay, or from of a warm-up.""",
        why="The run works, but the curve goes in the opposite direction to its name.",
        bad="schedule: {kind: 1cycle, max_lr: 0.1, initial_lr: 0.5}",
        good="schedule: {kind: 1cycle, max_lr: 0.5, initial_lr: 0.1}",
    ),
    Page(
        code="R118",
        title="a plateau over a rising base",
        what="""The base of a plateau raises the learning rate: 1cycle, cyclic, cosine_restarts, the ramp of wsd, a
        rising row of phases or value of piecewise, or a final_lr above initial_lr. A warm-up does not count: the
        plateau ignores epochs that contain warm-up steps.""",
        why="""The rise is intended, and the loss stagnates or rises during it. The plateau would mistake that for a
        lack of progress and cut the peak.""",
        bad="schedule: {kind: plateau, base: {kind: 1cycle, max_lr: 0.1}}",
        good="schedule: {kind: plateau, base: {kind: linear, initial_lr: 0.1}}",
    ),
    Page(
        code="R121",
        title="a plateau at its floor",
        what="min_lr of a plateau is not below its learning_rate.",
        why="Cuts never take the learning rate below min_lr, so none would have an effect.",
        bad="schedule: {kind: plateau, learning_rate: 0.01, min_lr: 0.1}",
        good="schedule: {kind: plateau, learning_rate: 0.01, min_lr: 1e-4}",
    ),
    Page(
        code="R240",
        title="two kinds of stairs",
        what="""A decay has both staircase and every. With `staircase: true`, t/s is rounded down to a whole number, as
        in Keras, and the learning rate changes every decay_every. With `every: 1 epoch`, the smooth curve is sampled
        once per epoch.""",
        why="Both define where the learning rate changes, and neither takes precedence.",
        bad="schedule: {kind: exponential, initial_lr: 0.1, decay_every: 4 epochs, staircase: true, every: 1 epoch}",
        good="schedule: {kind: exponential, initial_lr: 0.1, decay_every: 4 epochs, every: 1 epoch}",
    ),
    Page(
        code="R241",
        title="a warm-up of one update at rate 0",
        what="The warm-up lasts one step and starts at 0.",
        why="Its only update uses its first value, a learning rate of 0, and changes nothing.",
        bad="schedule: {kind: constant, learning_rate: 0.1, warmup: {duration: 1 step}}",
        good="schedule: {kind: constant, learning_rate: 0.1, warmup: {duration: 10 steps}}",
    ),
]
