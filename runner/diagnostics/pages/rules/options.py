"""R162 to R169: the length of a run, and options of the update."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R162",
        title="a run without a length",
        what="training has neither epochs nor steps.",
        why="""A schedule spans a known number of steps. A time limit ends a run, but the number of steps it allows is
        not known beforehand.""",
        bad="training: {epochs: null, time_limit: 1 hour}",
        good="training: {epochs: 12, time_limit: 1 hour}",
    ),
    Page(
        code="R163",
        title="no or several ways of clipping gradients",
        what="clip has none or more than one of value, norm and global_norm.",
        why="The effect of several of them would depend on their order.",
        bad="training: {clip: {norm: 1.0, value: 0.5}}",
        good="training: {clip: {norm: 1.0}}",
    ),
    Page(
        code="R164",
        title="label smoothing without classes",
        what="label_smoothing is set, and the loss is not a crossentropy.",
        why="""Label smoothing moves a fraction of the target from the right class to all classes. The target of a
        regression is a number.""",
        bad="""
        task: regression
        data: {source: builtin, name: diabetes}
        training: {label_smoothing: 0.1}
        """,
        good="training: {label_smoothing: 0.1}",
    ),
    Page(
        code="R165",
        title="class weights without classes",
        what="class_weight is set, and the task is regression.",
        why="There are no classes to weight. Weights of single examples are not part of the language yet.",
        bad="""
        task: regression
        data: {source: builtin, name: diabetes}
        training: {class_weight: balanced}
        """,
        good="training: {class_weight: balanced}",
    ),
    Page(
        code="R166",
        title="a weight for a class that does not exist",
        what="class_weight names a class beyond the last one in the data. Classes are numbered from 0.",
        why="The weight would have no effect, and the class you meant would have weight 1.",
        bad="""
        data: {source: builtin, name: iris}
        training: {class_weight: {"3": 2.0}}
        """,
        good="""
        data: {source: builtin, name: iris}
        training: {class_weight: {"2": 2.0}}
        """,
    ),
    Page(
        code="R167",
        title="more micro-batches than examples",
        what="accumulate is larger than batch_size.",
        why="""batch_size is the number of examples per update, whatever accumulate is; accumulate divides them into
        micro-batches that are computed one after another.""",
        bad="training: {accumulate: 64}",
        good="training: {accumulate: 4}",
    ),
    Page(
        code="R168",
        title="float16 or XLA on a CPU",
        what="The recipe has device: cpu together with float16 or XLA.",
        why="""Most CPUs compute float16 through float32: a step of a residual network took seven times as long as in
        float32. XLA takes long to compile there and gains nothing. bfloat16 is another matter: CPUs with avx512_bf16
        or amx_bf16 compute in it, and took 0.7 times as long.""",
        bad="hardware: {device: cpu, precision: mixed_float16}",
        good="hardware: {device: cpu, precision: mixed_bfloat16}",
    ),
    Page(
        code="R169",
        title="XLA on several devices",
        what="hardware.xla is on, and hardware.strategy is mirrored or multi_worker.",
        why="""XLA compiles the update as one piece for one device. With several devices, gradients are summed over all
        of them in the middle of the update.""",
        bad="hardware: {strategy: mirrored, xla: on}",
        good="hardware: {strategy: mirrored}",
    ),
]
