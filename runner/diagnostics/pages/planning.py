"""R201 to R207, R524 and R530: errors that need the data, Keras, the machine or the user's permission to be found."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R201",
        title="a schedule that does not fit the run",
        what="""Now that the number of steps is known, a phase is shorter than one step, the phases do not add up to the
        run, or a boundary lies beyond its end. As a warning: part of the schedule has no effect.""",
        why="""Durations can be converted to steps only when the data is known. A schedule cut or stretched to fit would
        not be the one you wrote.""",
        bad="""
        data: {source: builtin, name: iris, batch_size: 128}
        schedule: {kind: 1cycle, max_lr: 0.1, final: {duration: 1%}}
        training: {epochs: 10}                # 10 steps: the final phase would last a tenth of one
        """,
        good="""
        data: {source: builtin, name: iris, batch_size: 8}
        schedule: {kind: 1cycle, max_lr: 0.1}
        training: {epochs: 10}
        """,
    ),
    Page(
        code="R202",
        title="the data cannot be used",
        what="""The dataset is damaged, lacks the split, or is for another task. As a warning: it is not prepared on
        this machine, so shapes are unknown and were not checked.""",
        why="""Steps, shapes and classes come from the dataset's metadata. A missing dataset is downloaded when the
        recipe runs, never when it is checked.""",
        bad="data: {source: tfds, name: mnist, splits: {train: training}}",
        good="data: {source: tfds, name: mnist, splits: {train: train}}",
    ),
    Page(
        code="R203",
        title="Keras rejects a layer",
        what="Keras or TensorFlow rejects a layer, or its output would be empty.",
        why="""The layer cannot take the output of the layer before it: its window is larger than its input, or the
        number of axes is wrong.""",
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
        code="R524",
        title="a layer that an application does not have",
        what="""A group or an exclusion names a layer, or a range of layers, that the Keras application does not have;
        or a layer is in two groups.""",
        why="The layers of an application have Keras' names and order, which are known only once it is built.",
        bad="groups: {base: {layers: [base.conv_1], factor: 0}}",
        good="groups: {base: {layers: ['base[:100]'], factor: 0}, top: {layers: ['base[100:]'], factor: 0.1}}",
    ),
    Page(
        code="R530",
        title="custom code that gives no learning rate",
        what="""The function of a custom schedule cannot be imported, fails, returns anything other than finite numbers
        of at least 0, or returns a different number when called again for the same step.""",
        why="""The learning rate of every step is computed before the run, by a pure function of the step. So `recipe
        plan` shows what will train, and a resumed run has the same curve.""",
        bad="def rate(step, peak): return peak * random.random()",
        good="def rate(step, peak): return peak / (1 + step / 100)",
    ),
    Page(
        code="R204",
        title="no GPU",
        what="The recipe requires a GPU, and TensorFlow finds none.",
        why="On the CPU the run would take many times as long. With 'auto' it uses the CPU and says so.",
        bad="hardware: {device: gpu}",
        good="hardware: {device: auto}",
    ),
    Page(
        code="R205",
        title="the model does not fit into memory",
        what="""The weights with their gradients and optimizer slots, the activations of a batch and the data need more
        memory than this machine or container has.""",
        why="""The system would kill the run, and possibly other programs. The figure is an estimate from shapes;
        'recipe run --force' tries anyway.""",
        bad="{kind: dense, units: 10000000000}",
        good="{kind: dense, units: 1000}",
    ),
    Page(
        code="R206",
        title="custom code is not allowed",
        what="The recipe names custom code, such as a layer of kind custom, and --allow-code is missing.",
        why="""Importing a module runs it. That is for the person who runs the recipe to allow, never for the recipe.
        Nothing was imported and nothing was written.""",
        bad="recipe run mine.yaml",
        good="recipe run mine.yaml --allow-code      # after reading mine.py",
    ),
    Page(
        code="R207",
        title="custom code fails",
        what="""A target cannot be imported, is missing from its module, or fails when called; or it returns something
        other than a layer that can be saved, a loss with one value per example, or an optimizer that follows its
        schedule and remembers nothing outside its variables.""",
        why="The model cannot be trained. Most messages are those of Python, Keras or TensorFlow.",
        bad="""
        {kind: custom, target: "mine:Scael"}          # mine.py beside the recipe has a class Scale
        """,
        good="""
        {kind: custom, target: "mine:Scale", arguments: {factor: 2.0}}
        """,
    ),
]
