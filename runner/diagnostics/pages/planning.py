"""R201 to R207: what is found once the data, Keras, the machine and the person's leave are known."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R201",
        title="a schedule that does not fit the run",
        what="""The number of steps is known, and a phase is shorter than one step, phases do not add up to the run, or
        a boundary lies behind its end. As a warning: a part of the schedule never acts.""",
        why="""Durations become steps only when the data is known. A schedule that were cut or stretched to fit would
        not be the one that was written.""",
        bad="""
        data: {source: builtin, name: iris, batch_size: 128}
        schedule: {kind: 1cycle, max_lr: 0.1, final: {duration: 1%}}
        training: {epochs: 10}                # 10 steps: the final phase has a tenth of one
        """,
        good="""
        data: {source: builtin, name: iris, batch_size: 8}
        schedule: {kind: 1cycle, max_lr: 0.1}
        training: {epochs: 10}
        """,
    ),
    Page(
        code="R202",
        title="data that cannot be used here",
        what="""The dataset is damaged, has no such split, or is for another task. As a warning: it is not prepared on
        this machine, so its shapes are not known and were not checked.""",
        why="""Steps, shapes and classes follow from the data's metadata. A dataset that is missing is downloaded when
        the recipe runs, never when it is checked.""",
        bad="data: {source: tfds, name: mnist, splits: {train: training}}",
        good="data: {source: tfds, name: mnist, splits: {train: train}}",
    ),
    Page(
        code="R203",
        title="a layer that Keras does not accept",
        what="Keras or TensorFlow refuse a layer, or its output would be empty.",
        why="""The layer stands behind others whose output it cannot take: a window larger than its input, or another
        number of axes.""",
        bad="""
        layers:
          - {kind: flatten}
          - {kind: conv2d, filters: 8, kernel_size: 3}
        """,
        good="""
        layers:
          - {kind: conv2d, filters: 8, kernel_size: 3}
          - {kind: flatten}
        """,
    ),
    Page(
        code="R204",
        title="a device that is not there",
        what="The recipe insists on a GPU, and TensorFlow finds none.",
        why="On the CPU it would take many times as long; 'auto' takes the CPU then, and says so.",
        bad="hardware: {device: gpu}",
        good="hardware: {device: auto}",
    ),
    Page(
        code="R205",
        title="a model beyond the machine's memory",
        what="""Weights with gradients and optimizer slots, activations of a batch and the data together take more than
        the memory of this machine, or of the container.""",
        why="""It would be stopped by the system, and with it whatever else runs. The figure is an estimate from shapes;
        'recipe run --force' tries it all the same.""",
        bad="{kind: dense, units: 10000000000}",
        good="{kind: dense, units: 1000}",
    ),
    Page(
        code="R206",
        title="custom code that nobody has allowed",
        what="A recipe with a layer or a loss of the kind custom is to be run, and --allow-code was not said.",
        why="""Importing a module runs it. Whether it may is for the person to say who runs the recipe, never for the
        recipe. Nothing was imported and nothing written.""",
        bad="recipe run mine.yaml",
        good="recipe run mine.yaml --allow-code      # after reading mine.py",
    ),
    Page(
        code="R207",
        title="custom code that does not work",
        what="""A target cannot be imported, is not in its module, or fails when it is called; or it gives something
        else than a layer that can be saved, or than a loss with one value an example.""",
        why="The model cannot be built with it. The message is what Python, Keras or TensorFlow said.",
        bad="""
        {kind: custom, target: "mine:Scael"}          # mine.py beside the recipe has a class Scale
        """,
        good="""
        {kind: custom, target: "mine:Scale", arguments: {factor: 2.0}}
        """,
    ),
]
