"""Recipes that break one rule across fields each; the place of the finding is «marked»."""

from tests.diagnostics.block_recipes import BLOCKS
from tests.diagnostics.model_input_recipes import MODEL_INPUTS
from tests.diagnostics.model_output_recipes import MODEL_OUTPUTS
from tests.source.bad_recipes import Case
from tests.source.samples import small

WARNINGS = {
    "R103", "R104", "R115", "R116", "R117", "R118", "R119", "R120", "R121", "R132", "R159", "R160", "R161", "R168",
    "R175", "R176", "R177", "R178", "R183", "R185", "R201", "R202", "R229",
    "R241", "R244", "R245", "R247", "R248", "R281", "R313", "R319", "R692", "R424", "R428",
    "R445", "R446", "R448", "R466", "R540", "R542", "R543", "R544", "R590", "R740",
}  # fmt: skip
"""Codes of what runs but hardly as meant: exit code 0."""

_MNIST = (
    'data: {source: tfds, name: mnist, splits: {train: "train[:55000]", validation: "train[55000:]"%s}, scale: 1/255}'
)


def whole(**parts: str) -> str:
    """A recipe without fault; a keyword replaces the line of a key."""
    lines = {
        "data": _MNIST % ", test: test",
        "model": "model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 100}]}",
        "training": "training: {epochs: 12}",
        "optimizer": "optimizer: {kind: sgd}",
        **parts,
    }
    return small(**lines)


def _schedule(inner: str, **parts: str) -> str:
    return whole(schedule=f"schedule: {{{inner}}}", **parts)


def _scaled(**parts: str) -> str:
    data = "data: {source: builtin, name: diabetes, target_scale: standard}"
    return whole(task="task: regression", data=data, **parts)


def _layers(*layers: str, more: str = "", **parts: str) -> str:
    listed = "".join(f"\n    - {layer}" for layer in layers)
    return whole(model=f"model:\n  kind: sequential{more}\n  layers:{listed}", **parts)


def _own_optimizer(keys: str) -> str:
    return whole(optimizer=f"optimizer: {{kind: custom, target: 'mine:Lion', {keys}}}")


def _published(application: str, weights: str = "imagenet") -> str:
    return f"{{kind: application, application: {application}, pooling: avg, weights: {weights}}}"


def _pictured(kind: str = "functional", inputs: str = "photo: {columns: [photo]}", files: str = "t.csv") -> str:
    """A table with a column of images, which the first layer takes."""
    named = f"\n  inputs:\n    {inputs}" if inputs else ""
    first = "{kind: flatten, inputs: [photo]}" if inputs else "{kind: dense, units: 3}"
    data = f"data: {{source: csv, files: {files}, target: y, columns: {{photo: {{size: [8, 8]}}}}}}"
    return whole(model=f"model:\n  kind: {kind}{named}\n  layers:\n    - {first}", data=data)


def _graph(*layers: str) -> str:
    listed = "".join(f"\n    - {layer}" for layer in layers)
    return whole(model=f"model:\n  kind: functional\n  layers:{listed}", data=DIGITS)


def _splits(inner: str) -> str:
    return f"data: {{source: tfds, name: mnist, scale: 1/255, splits: {{{inner}}}}}"


DIGITS = "data: {source: builtin, name: digits, scale: 1/16}"
IRIS = "data: {source: builtin, name: iris}"
PHOTOS = "data: {source: builtin, name: photos}"
FLATTEN = "{kind: flatten}"
PIXELS = "{kind: flatten, name: pixels}"
DENSE = "{kind: dense, units: 100}"
PIXEL = "{kind: reshape, target_shape: [28, 28, 1]}"
WIDER = "{kind: resizing, height: 32, width: 32}"
APPLICATION = "{kind: application, application: mobilenet, pooling: avg}"
SIZED = "{kind: embedding, input_dim: 9, output_dim: 4}"
LOOKED_UP = "{kind: embedding, output_dim: 4}"
STEPS = "{kind: reshape, target_shape: [28, 28]}"


def _sweep(inner: str, path: str = "optimizer.learning_rate", more: str = "trials: 9", **parts: str) -> str:
    """A recipe with a sweep over one range."""
    return whole(sweep=f"sweep: {{objective: val_loss, {more}, ranges: {{{path}: {inner}}}}}", **parts)


def _records(inner: str, x: str = "float32") -> str:
    features = f"features: {{x: {{dtype: {x}}}, y: {{dtype: int64}}}}"
    return whole(data=f"data: {{source: tfrecord, files: a.tfrecord, {features}, {inner}}}")


def _windows(inner: str, task: str = "task: regression") -> str:
    return whole(data=f"data: {{source: windows, files: t.csv, target: y, {inner}}}", task=task)


def _tokens(*layers: str, file: str = "file: t.txt", more: str = "") -> str:
    """A language model."""
    data, listed = f"data: {{source: text, {file}}}", "".join(f"\n    - {layer}" for layer in layers)
    return whole(task="task: language_model", data=data, model=f"model:\n  kind: sequential\n  layers:{listed}{more}")


def _table(inner: str) -> str:
    return whole(data=f"data: {{source: csv, files: t.csv, target: y, {inner}}}")


def _augment(listed: str) -> str:
    return whole(data=f"data: {{source: builtin, name: digits, scale: 1/16, augment: [{listed}]}}")


RULES = [
    Case("R280", whole(data="data: {source: builtin, name: iris, augment: «[{kind: flip}]»}"), says="shape 4"),
    Case("R281", _augment("{kind: flip}, {kind: mixup, off_after: «12 epochs»}"), says="never ends"),
    Case("R282", _augment("{kind: crop, size: «[12, 12]», padding: 1}"), says="10 × 10 with their padding"),
    Case("R283", _augment("{kind: «crop»}"), says="changes nothing"),
    Case("R284", _augment("{kind: mixup}, {kind: «flip»}"), says="after mixup"),
    Case(
        "R285",
        small(
            task="task: regression",
            data="data: {source: images, file: ages.csv, target: age, scale: 1/255, augment: [{kind: «mixup»}]}",
            model="model: {kind: sequential, layers: [{kind: flatten}, {kind: dense, units: 100}]}",
        ),
        says="regression",
    ),
    Case("R287", _augment("{kind: «rand_augment»}"), says="0 to 16"),
    Case("R286", _augment("{kind: erase, area: «[0.3, 0.1]»}"), says="[0.3, 0.1]"),
    Case("R321", _layers(PIXEL, "{kind: permute, dims: «[2, 1]»}", FLATTEN), says="received [2, 1]"),
    Case("R322", _layers(PIXEL, "{kind: cropping2d, cropping: «14»}", FLATTEN), says="28 x 28"),
    Case("R323", _graph("{kind: permute, dims: [2, 1, 3], name: a}", "{kind: reshape, target_shape: [4, 16], name: b}",
                        "{kind: reshape, target_shape: [8, 8], name: c, inputs: [a]}",
                        "{kind: attention, inputs: «[b, c]»}", FLATTEN), says="features"),
    Case("R324", _layers(FLATTEN, "{kind: einsum_dense, equation: «abc->ab», output_shape: 3}"), says="the form is"),
    Case("R520", _layers(WIDER, APPLICATION, data="data: {source: builtin, name: digits, scale: «1/16»}"),
         says="scales pixels from 0 to 255 itself"),
    Case("R521", _layers(WIDER, "{kind: application, application: vgg16, preprocessing: false, alpha: «0.5»}", FLATTEN,
                         data=DIGITS), says="vgg16 has no argument alpha"),
    Case("R522", _layers("{kind: application, application: «mobilenet»}", FLATTEN,
                         data="data: {source: builtin, name: digits}"), says="at least 32 x 32"),
    Case("R523", _layers(WIDER, "{kind: application, application: «vgg16»}", FLATTEN,
                         data="data: {source: builtin, name: digits}"), says="1 channels"),
    Case("R611", _layers(WIDER, _published("mobilenet, alpha: «0.3»"), data=PHOTOS), says="take 0.25 or 0.5"),
    Case("R612", _layers(WIDER, _published("mobilenet", "«imagenet»"), data="data: {source: builtin, name: digits}"),
         says="for 3 channels"),
    Case("R614", _layers(WIDER, _published("mobilenet", "«imagenet»"), data=PHOTOS, more="\n  weights: {run: base}"),
         says="those of a run"),
    Case("R291", _table("columns: {a: {missing: «constant»}}"), says="no `value`"),
    Case("R292", _table("columns: {a: {clip: «[0.9, 0.1]»}}"), says="[0.9, 0.1]"),
    Case("R293", _table("columns: {a: {type: category, scale: «minmax»}}"), says="not for category"),
    Case("R294", _table("columns: {y: {at_least: «2»}}"), says="is the target"),
    Case("R295", _table("splits: {by: «time»}"), says="needs a column"),
    Case("R765", _pictured(kind="«sequential»", inputs=""), says="cannot take apart"),
    Case("R766", _pictured(inputs="photo: {columns: «[photo, age]»}"), says="received also age"),
    Case("R767", _pictured(files="«'https://example.org/t.csv'»"), says="received an address"),
    Case("R691", whole(data="data: {source: csv, files: t.csv, target: y, thousands: «'.'»}"), says="both '.'"),
    Case("R296", _table("splits: {by: column, column: p, words: {train: [a], test: «[a]»}}"), says="train and for"),
    Case("R410", _table("columns: {a: {format: «'%d %b %Y'», parts: [month]}}"), says="%b is none of"),
    Case("R411", _table("columns: {a: {parts: [month, «month»]}}"), says="has month twice"),
    Case("R350", _table("weight: «y»"), says="is the target"),
    Case("R395", whole(groups="groups: {slow: {layers: [«base»], factor: 0.1}}"), says="no layer has the name 'base'"),
    Case("R395", whole(groups="groups: {a: {layers: [output], factor: 0.1}, b: {layers: [«output»], factor: 2}}"),
         says="in group 'a' too"),
    Case(
        "R396",
        whole(groups="groups: {a: {layers: [output], factor: {phases: "
                     "[{duration: 100%, factor: {from: 0, to: 1}, curve: «exponential»}]}}}"),
        says="above zero",
    ),
    Case("R397", whole(groups="groups: {a: {layers: [output], factor: «1»}}"), says="factor 1"),
    Case(
        "R440",
        whole(model="model: {kind: sequential, layers: [{kind: flatten}], weights: {run: base, layers: [«conv*»]}}"),
        says="flatten_1 or output",
    ),
    Case("R447", _layers(FLATTEN, "{kind: dense, units: 9, dropout: 0.5}",
                         more="\n  dropout_factor: {phases: [{duration: 100%, factor: «2»}]}"), says="a rate of 0.5"),
    Case("R448", _layers(STEPS, "{kind: dense, units: 9, dropout: 0.5}", "{kind: lstm, units: 4, dropout: «0.1»}",
                         more="\n  dropout_factor: {phases: [{duration: 100%, factor: 1}]}"), says="inside a layer"),
    Case("R445", _layers(FLATTEN, "{kind: dense, units: 9, activation: selu, kernel_initializer: lecun_normal, "
                                  "dropout: «0.1»}"), says="alpha_dropout, rate: 0.1"),
    Case("R446", _layers(FLATTEN, "{kind: dense, units: 9, activation: «selu»}"), says="received glorot_uniform"),
    Case("R470", whole(repeat="after: [report, «evaluate»]",
                       data="data: {source: builtin, name: iris, splits: {train: 80%, validation: 20%, test: 0%}}"),
         says="has none"),
    Case("R471", whole(repeat="after: [{export: {to: onnx, int8: «true»}}]"), says="received onnx"),
    Case("R472", whole(repeat="after: [report, «report»]"), says="report is listed twice"),
    Case("R764", whole(repeat="tracking: [mlflow, «{mlflow: {every: 10 steps}}»]"), says="mlflow is listed twice"),
    Case("R590", whole(repeat="expect: {«onnx_flips»: '<= 0'}"), says="no step of `after`"),
    Case("R591", whole(repeat="expect: {onnx_flips: '<= 2'}\n"
                              "after: [{export: {to: onnx, check: true, allow_flips: «5»}}]"), says="allow_flips 5"),
    Case("R390", whole(repeat="repeat: «{}»"), says="neither"),
    Case("R390", whole(repeat="repeat: {seeds: 2, folds: «2»}", data=IRIS), says="both"),
    Case("R391", whole(repeat="repeat: {seeds: [4, 5, «4»]}"), says="seed 4"),
    Case("R392", whole(data="data: {source: builtin, name: iris, splits: {fold: «3/2»}}"), says="no fold 3/2"),
    Case("R690", whole(data="data: {source: builtin, name: iris, splits: {fold: «2/5»}}", repeat="repeat: {folds: 3}"),
         says="each of 3 folds"),
    Case("R393", whole(repeat="repeat: {folds: «5»}"), says="parts of its own"),
    Case("R393", _table("splits: {by: time, column: d, fold: «1/5»}"), says="divided by time"),
    Case("R351", whole(data="data: {source: csv, files: t.csv, target: «[a, b]»}"), says="multi_label"),
    Case("R352", whole(data="data: {source: csv, files: t.csv, target: [a, «a»]}", task="task: regression")),
    Case("R353", whole(data="data: {source: csv, files: t.csv, target: «a»}", task="task: multi_label")),
    Case("R400", _windows("length: 4", task="task: «classification»"), says="windows predict numbers"),
    Case("R401", _windows("length: 4, time: «y»"), says="is the time"),
    Case("R402", _windows("length: 4, inputs: [a], columns: {y: {scale: «none»}}"), says="a target alone"),
    Case("R403", _windows("length: 4, gaps: «split»"), says="without `time`"),
    Case("R405", _records("inputs: x, target: «z»"), says="not declared"),
    Case("R406", _records("inputs: x, target: y", x="«text»"), says="is an input"),
    Case("R404", whole(data="data: {source: tfds, name: mnist, scale: 1/255, inputs: image, target: «image»}")),
    Case("R101", _schedule("kind: «1cycle», max_lr: 0.1", optimizer="optimizer: {kind: adagrad}"), says="adagrad"),
    Case("R102", _schedule("kind: linear, initial_lr: 1, momentum: «0.0»", optimizer="optimizer: {kind: lion}")),
    Case("R103", _schedule("kind: 1cycle, max_lr: 0.1, momentum: {low: «0.96»}"), says="0.96"),
    Case("R104", whole(optimizer="optimizer: {kind: sgd, nesterov: «true»}"), says="momentum"),
    Case("R190", _schedule("kind: linear, initial_lr: 1, weight_decay: «0.1»", optimizer="optimizer: {kind: adam}")),
    Case("R105", _schedule("kind: plateau, learning_rate: 0.1, base: «{kind: linear, initial_lr: 0.1}»")),
    Case("R106", _schedule("kind: plateau, momentum: 0.9, base: {kind: linear, initial_lr: 1, momentum: «0.8»}")),
    Case("R107", _schedule("kind: 1cycle, max_lr: 0.1", optimizer="optimizer: {kind: adam, learning_rate: «0.01»}")),
    Case("R108", _schedule("kind: piecewise, boundaries: [4 epochs, 8 epochs], values: «[0.1, 0.01]»"), says="2"),
    Case("R109", _schedule("kind: piecewise, boundaries: [4 epochs, «4 epochs»], values: [1, 0.1, 0.01]")),
    Case("R110", _schedule("kind: power, initial_lr: 0.1, decay_every: «0 steps»"), says="0 steps"),
    Case("R111", _schedule("kind: 1cycle, max_lr: 0.1, final: {duration: «20%»}"), says="remove 10%"),
    Case("R112", _schedule("kind: linear, initial_lr: 0.1, warmup: {duration: «12 epochs»}"), says="12 epochs"),
    Case(
        "R113",
        _schedule("kind: phases, phases: [{name: a, duration: 100%, learning_rate: {from: 1, to: 0}, "
                  "curve: «exponential»}]"),
        says="above zero",
    ),
    Case(
        "R114",
        _schedule("kind: phases, phases: [{name: a, duration: 50%, learning_rate: 0.1}, "
                  "{name: b, duration: 50%, learning_rate: «{from: 0.01, to: 0}»}]"),
        says="jumps from 0.1 to 0.01",
    ),
    Case("R115", _schedule("kind: 1cycle, max_lr: 0.1, initial_lr: «0.1»"), says="0.1"),
    Case("R116", _schedule("kind: piecewise, boundaries: [4 epochs, «12 epochs»], values: [1, 0.1, 0.01]")),
    Case("R117", _schedule("kind: «1cycle», max_lr: 0.1", training="training: {epochs: 9}"), says="0.9 epochs"),
    Case("R118", _schedule("kind: plateau, base: {kind: «1cycle», max_lr: 0.1}")),
    Case("R119", _schedule("kind: 1cycle, max_lr: 1", training="training: {epochs: 12, early_stopping: «{}»}")),
    Case("R120", _schedule("kind: plateau, learning_rate: 0.1, patience: «11»"), says="11"),
    Case("R121", _schedule("kind: plateau, learning_rate: 0.1, min_lr: «0.1»"), says="min_lr"),
    Case("R240", _schedule("kind: power, initial_lr: 0.1, decay_every: 2 epochs, staircase: true, every: «1 epoch»")),
    Case("R241", _schedule("kind: linear, initial_lr: 0.1, warmup: {duration: «1 step»}"), says="changes nothing"),
    Case("R242", _schedule("kind: constant, learning_rate: «1e-46»"), says="is 0 in float32"),
    Case(
        "R243",
        whole(data=IRIS, training="training: {epochs: 9, class_weight: «{'0': 0.0, '1': 0.0, '2': 0.0}»}"),
        says="always 0",
    ),
    Case(
        "R244",
        whole(data="data: {source: builtin, name: iris, batch_size: 1, splits: «{train: 1%, validation: 50%}»}"),
        says="2 examples",
    ),
    Case(
        "R245",
        _layers(FLATTEN, "{kind: batch_normalization}", data="data: {source: builtin, name: iris, batch_size: «7»}"),
        says="one example",
    ),
    Case("R246", whole(optimizer="optimizer: {kind: adamw, exclude_from_weight_decay: {layers: [«head»]}}")),
    Case("R247", whole(training="training: {epochs: 12, label_smoothing: {value: 0.1, off_after: «12 epochs»}}")),
    Case("R248", whole(data=_splits("train: «'train[10:50%]'», test: test")), says="both are read as percents"),
    Case("R249", whole(data=_splits("train: «'train[:101%]'», test: test")), says="101%"),
    Case("R130", whole(training="training: {epochs: 12, best: «val_acc»}"), says="val_accuracy"),
    Case("R131", _schedule("kind: «plateau», learning_rate: 0.1", data=_splits("train: train, test: test"))),
    Case("R132", whole(training="training: {epochs: 12, early_stopping: {patience: 3, mode: «max»}}")),
    Case("R225", whole(training="training: {epochs: 9, best: «loss», early_stopping: {patience: 3}}"), says="restore"),
    Case("R226", whole(training="training: {epochs: 9, early_stopping: {patience: 3, baseline: «0.0»}}"), says="below"),
    Case("R227", whole(data=_splits("train: train, test: test"), training="training: {epochs: 9, "
                       "validation: «{every: 2 epochs}»}"), says="no validation part"),
    Case("R228", whole(training="training: {epochs: 9, validation: {every: «10 epochs»}}"), says="within the run"),
    Case("R229", whole(training="training: {epochs: 9, validation: {between: «10%»}}"), says="never acts"),
    Case("R230", whole(data=DIGITS, training="training: {epochs: 9, validation: {every: 2 epochs, "
                       "between: «181 examples»}}"), says="180"),
    Case("R133", whole(training="training: {epochs: 12, metrics: [accuracy, «accuracy»]}"), says="accuracy"),
    Case("R134", whole(expect="expect: {«test_acc»: '>= 0.9'}"), says="test_accuracy"),
    Case("R135", whole(data=_MNIST % "", expect="expect: {«test_loss»: '< 1'}"), says="test"),
    Case("R136", whole(expect="expect: {test_accuracy: «'>= 98'»}"), says=">= 0.98"),
    Case("R140", whole(task="task: «classification»", data="data: {source: builtin, name: diabetes}")),
    Case("R141", whole(training="training: {epochs: 12, loss: «huber»}"), says="huber"),
    Case("R142", whole(training="training: {epochs: 12, loss: «binary_crossentropy»}"), says="one unit and sigmoid"),
    Case("R330", whole(task="task: regression", data="data: {source: builtin, name: diabetes}",
                       training="training: {epochs: 12, loss: «poisson»}"), says="softplus"),
    Case("R331", whole(data=_splits("train: train"), training="training: {epochs: 9, metrics: [«f1»]}"),
         says="neither"),
    Case("R332", _layers(FLATTEN, more="\n  output: {logits: true}", training="training: {epochs: 9, loss: "
                         "categorical_hinge, metrics: [«calibration_error»]}"), says="scores"),
    Case("R333", whole(data=IRIS, training="training: {epochs: 9, threshold: «f1»}"), says="largest decides"),
    Case("R334", _layers(FLATTEN, more="\n  output: {units: 1}", training="training: {epochs: 9, threshold: «f1»}",
                         data="data: {source: builtin, name: breast_cancer, splits: {train: 80%, validation: 0%, "
                              "test: 20%}}"), says="has none"),
    Case("R143", whole(training="training: {epochs: 12, metrics: [accuracy, «mean_squared_error»]}")),
    Case(
        "R144",
        whole(data=IRIS, training="training: {epochs: 9, metrics: [«top_5_accuracy»]}"),
        says="there are 3",
    ),
    Case("R145", _layers(DENSE, more="\n  output: {units: «10»}", data="data: {source: builtin, name: wine}")),
    Case("R150", _layers(FLATTEN, "{kind: dense, units: 1, name: a}", "{kind: dense, units: 2, name: «a»}")),
    Case("R151", _layers("{kind: flatten, name: «output»}"), says="output"),
    Case("R152", _layers(FLATTEN, "«{kind: dense, units: 100, activation: softmax}»"), says="softmax"),
    Case("R153", _layers("{kind: conv2d, filters: 8, kernel_size: 3, strides: 2, dilation_rate: «2»}", FLATTEN)),
    Case("R154", _layers("{kind: conv2d, filters: 8, kernel_size: 3, groups: «3»}", FLATTEN), says="3 groups"),
    Case("R155", _layers("{kind: conv2d, filters: 8, kernel_size: «9»}", FLATTEN, data=DIGITS), says="8 x 8"),
    Case("R156", _layers(FLATTEN, "«{kind: conv2d, filters: 8, kernel_size: 3}»"), says="conv2d"),
    Case("R157", _layers("{kind: conv2d, filters: 8, kernel_size: 3}", "«{kind: dense, units: 100}»")),
    Case("R158", _layers("{kind: reshape, target_shape: «[8, 4]»}", FLATTEN, data=DIGITS), says="32"),
    Case("R159", _layers(FLATTEN, "{kind: dense, units: 9, dropout: «0.3»}", "{kind: batch_normalization}")),
    Case("R160", _layers(FLATTEN, "{kind: batch_normalization, momentum: «0.1»}"), says="0.1"),
    Case("R161", _layers(FLATTEN, "{kind: dense, units: 9, dropout: 0.1}", more="\n  dropout: «auto»")),
    Case("R162", whole(training="training: «{metrics: [accuracy]}»"), says="epochs: 10"),
    Case("R163", whole(training="training: {epochs: 12, clip: «{norm: 1.0, value: 0.5}»}"), says="one bound"),
    Case(
        "R164",
        whole(task="task: regression", data="data: {source: builtin, name: diabetes}",
              training="training: {epochs: 12, label_smoothing: «0.1»}"),
        says="crossentropy",
    ),
    Case(
        "R165",
        whole(task="task: regression", data="data: {source: builtin, name: diabetes}",
              training="training: {epochs: 12, class_weight: «balanced»}"),
    ),
    Case(
        "R166",
        whole(data=IRIS, training="training: {epochs: 9, class_weight: {'3': «2.0»}}"),
        says="0 to 2",
    ),
    Case("R167", whole(training="training: {epochs: 12, accumulate: «64»}"), says="32"),
    Case("R168", whole(hardware="hardware: {device: cpu, precision: «mixed_float16»}"), says="slower"),
    Case("R169", whole(hardware="hardware: {strategy: mirrored, xla: «on»}"), says="strategy is mirrored"),
    Case("R170", whole(data=_splits("train: train, validation: «train»")), says="train"),
    Case("R171", whole(data=_splits("train: 'train[:55000]', validation: «'train[50000:]'»")), says="overlap"),
    Case("R172", whole(data=_splits("train: 'train[:90%]', validation: «'train[95%:90%]'»")), says="no examples"),
    Case("R173", whole(data="data: {source: builtin, name: iris, splits: {train: «80 steps»}}"), says="80 steps"),
    Case("R174", whole(data="data: {source: builtin, name: iris, splits: {train: «90%»}}"), says="90%"),
    Case("R175", whole(data=_splits("train: train, validation: «test», test: test")), says="test"),
    Case("R176", whole(data="data: {source: builtin, name: «mnist-5k»}"), says="1/255"),
    Case("R177", whole(data="data: {source: builtin, name: iris, batch_size: «121»}"), says="120"),
    Case("R255", whole(data="data: {source: builtin, name: iris, batch_size: 121, drop_remainder: «true»}")),
    Case("R256", whole(data="data: {source: builtin, name: wine, scale: standard, center: «true»}")),
    Case("R257", _layers(FLATTEN, more="\n  output: {logits: true, activation: «softmax»}"), says="softmax"),
    Case(
        "R178",
        whole(data="data: {source: tfds, name: rooms, scale: 1/255, fallback: {source: builtin, name: «wine»}}"),
        says="scale: standard",
    ),
    Case("R180", _layers(FLATTEN, "{kind: dense, units: 9, inputs: «[input]»}"), says="kind: functional"),
    Case("R180", _layers(FLATTEN, "{kind: «add», inputs: [input, input]}"), says="several inputs"),
    Case("R181", _graph(PIXELS, "{kind: dense, units: 64, name: a}", "{kind: add, inputs: [a, «pixel»]}"),
         says="did you mean 'pixels'?"),
    Case("R181", _graph(PIXELS, "{kind: dense, units: 64, name: a, inputs: [«a»]}"), says="its own output"),
    Case("R181", _graph(PIXELS, "{kind: dense, units: 64, inputs: [«b»]}", "{kind: dense, units: 9, name: b}"),
         says="comes after"),
    Case("R181", _graph(PIXELS, "{kind: dense, units: 64, inputs: [«zzz»]}"), says="input, pixels"),
    Case("R182", _graph(PIXELS, "{kind: add, inputs: «[pixels]»}"), says="two inputs or more; received 1"),
    Case("R182", _graph(PIXELS, "{kind: «add»}"), says="two inputs or more; received 1"),
    Case("R182", _graph(PIXELS, "{kind: subtract, inputs: «[pixels, pixels, pixels]»}"), says="two inputs; received 3"),
    Case("R182", _graph(PIXELS, "{kind: dense, units: 9, inputs: «[pixels, pixels]»}"), says="one input; received 2"),
    Case("R183", _graph(PIXELS, "«{kind: dense, units: 64, name: a}»", "{kind: dense, units: 9, inputs: [pixels]}"),
         says="dense 'a'"),
    Case("R184", _graph(PIXELS, "{kind: dense, units: 9, name: a}", "{kind: add, inputs: «[a, pixels]»}"),
         says="9 and 64"),
    Case("R184", _graph(PIXELS, "{kind: concatenate, inputs: «[pixels, input]»}"), says="64 and 8 x 8 x 1"),
    Case("R184", _graph(PIXELS, "{kind: concatenate, axis: «2», inputs: [pixels, pixels]}"), says="received 2"),
    Case("R185", _layers(FLATTEN, "{kind: custom, target: «'os:system'», arguments: {command: touch PWNED}}"),
         says="--allow-code"),
    Case("R185", whole(training="training: {epochs: 12, loss: {kind: custom, target: «'mine:focal'»}}"),
         says="import mine and call focal"),
    Case("R615", whole(training="training: {epochs: 12, metrics: [{kind: custom, target: «'mine:my_auc'»}]}"),
         says="'_auc'"),
    Case("R640", _own_optimizer("learning_rate: 0.1, arguments: {clipvalue: «1.0»}"), says="training.clip.value"),
    Case("R641", whole(optimizer="optimizer: «{kind: custom, target: 'mine:Lion'}»"), says="needs a learning rate"),
    Case("R642", _own_optimizer("learning_rate: 0.1, momentum_argument: «beta_1»"), says="write `momentum`"),
    *BLOCKS,
    *MODEL_INPUTS,
    *MODEL_OUTPUTS,
    Case("R310", _layers(FLATTEN, "«{kind: lstm, units: 4}»"), says="1 axis"),
    Case("R310", _layers("«{kind: lstm, units: 4}»", data="data: {source: csv, files: t.csv, target: a}"),
         says="write `source: windows`"),
    Case("R312", _layers(STEPS, "{kind: bidirectional, layer: {kind: gru, units: 4, inputs: «[input]»}}")),
    Case("R313", _layers(FLATTEN, "{kind: embedding, input_dim: 256, output_dim: 4, mask_zero: true}",
                         "«{kind: global_max_pooling1d}»"), says="padding"),
    Case("R314", _layers(FLATTEN, "«{kind: embedding, output_dim: 4}»", "{kind: global_max_pooling1d}")),
    Case("R315", whole(data="data: {source: images, folder: f, file: «t.csv», scale: 1/255}"), says="both"),
    Case("R316", whole(data="data: {source: «npz», file: a.npz, inputs: x}"), says="one of targets"),
    Case("R317", whole(data="data: {source: text, file: t.csv, output: multi_hot, length: «9»}"), says="multi_hot"),
    Case("R745", whole(task="task: language_model", data="data: {source: «csv», files: t.csv, target: a}",
                       model=f"model: {{kind: sequential, layers: [{SIZED}]}}"), says="received csv"),
    Case("R746", _tokens(LOOKED_UP, file="file: t.txt, ngrams: «2»"), says="ngrams has no use"),
    Case("R747", _tokens(LOOKED_UP, more="\n  output: {activation: «softmax»}"), says="the loss applies the softmax"),
    Case("R748", _tokens(LOOKED_UP, "«{kind: attention}»"), says="write `use_causal_mask: true`"),
    Case("R749", _tokens(LOOKED_UP, "«{kind: lstm, units: 4}»"), says="return_sequences: true"),
    Case("R750", _tokens("«{kind: dense, units: 4}»"), says="embedding"),
    Case("R751", whole(model="model: {kind: sequential, layers: [{kind: flatten}], output: {tied: «true»}}"),
         says="received task classification"),
    Case("R752", _tokens(LOOKED_UP, more="\n  output: {tied: true, units: «9»}"), says="units has no effect"),
    Case("R753", _tokens(LOOKED_UP, "{kind: dense, units: 9}", more="\n  output: {tied: «true»}"),
         says="write `output_dim: 9` at the embedding"),
    Case("R740", _layers("«{kind: dense, units: 9}»", data="data: {source: text, file: t.csv}"),
         says="as if they were"),
    Case("R540", _layers(FLATTEN, DENSE, "{kind: «alpha_dropout», rate: 0.1}"), says="no selu"),
    Case("R541", _layers(FLATTEN, "{kind: embedding, input_dim: 256, output_dim: 4}", FLATTEN,
                         more="\n  input_dropout: «0.1»"), says="other rows"),
    Case("R542", _layers(FLATTEN, DENSE, "{kind: «drop_path», rate: 0.1}"), says="nothing remains"),
    Case("R543", _layers(FLATTEN, "{kind: dropout, rate: 0.2}", "{kind: dropout, rate: «0.5»}"), says="one of 0.6"),
    Case("R544", _layers(FLATTEN, "{kind: dense, units: 9, use_bias: false, bias_constraint: «non_neg»}"),
         says="no bias"),
    Case("R460", _sweep("«{}»"), says="received none"),
    Case("R460", _sweep("{int: [1, 2], points: «3»}", path="training.epochs"), says="points belongs"),
    Case("R461", _sweep("{log: «[0.1, 0.01]»}"), says="0.1 and 0.01"),
    Case("R461", _sweep("{choice: [0.1, 0.2, «0.1»]}"), says="twice"),
    Case("R462", _sweep("{linear: [«-1.0», 0.1]}"), says="got -1"),
    Case("R462", _sweep("{log: [0.1, 1]}", path="«optimizer.learning_rte»"), says="did you mean"),
    Case("R462", _sweep("{choice: [sgd, «adm»]}", path="optimizer.kind"), says="did you mean 'adam'?"),
    Case("R462", _sweep("{choice: [8, «'16'»]}", path="data.batch_size"), says="a number is written 16"),
    Case("R463", _sweep("{log: [0.1, 1]}").replace("objective: val_loss", "objective: «test_loss»"), says="val_loss"),
    Case("R464", _sweep("{log: «[0.1, 1]»}", more="sampler: grid"), says="unlimited values"),
    Case("R465", _sweep("«{choice: [a, b]}»", path="name"), says="names the folder"),
    Case("R466", _sweep("{choice: [sparse_categorical_crossentropy, «mean_squared_error»]}", path="training.loss"),
         says="fail unless"),
    Case("R760", _sweep("{choice: [«mean_squared_error», mean_absolute_error]}", path="training.loss"),
         says="whatever the other ranges give"),
    Case("R467", _sweep("«{choice: [none, multi_worker]}»", path="hardware.strategy"), says="multi_worker"),
    Case("R570", whole(data="data: {source: builtin, name: iris, target_scale: «standard»}"), says="classification"),
    Case("R571", _scaled(training="training: {epochs: 2, loss: «mean_absolute_percentage_error»}"),
         says="minus its mean"),
    Case("R572", _scaled(model="model: {kind: sequential, layers: [{kind: flatten}], output: {activation: «relu»}}"),
         says="around 0"),
    Case("R318", whole(data="data: {source: images, folder: f, fit: «pad», scale: 1/255}"), says="no size"),
]  # fmt: skip
