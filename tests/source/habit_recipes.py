"""Recipes as people of other libraries write them, each with one fault, and what is said about it."""

from tests.source.bad_recipes import Case, layer, ranges, schedule
from tests.source.samples import small


def training(inner: str) -> str:
    """A recipe with these keys of training."""
    return small(training=f"training: {{epochs: 1, {inner}}}")


def optimizer(inner: str) -> str:
    """A recipe with this optimizer."""
    return small(optimizer=f"optimizer: {inner}")


def table(inner: str) -> str:
    """A recipe with a table of these keys."""
    return small(data=f"data: {{source: csv, files: t.csv, target: y, {inner}}}")


def digits(inner: str) -> str:
    """A recipe with digits and these keys of data."""
    return small(data=f"data: {{source: builtin, name: digits, {inner}}}")


def regression(inner: str) -> str:
    """A recipe of a regression with these keys of training."""
    return small(task="task: regression", training=f"training: {{epochs: 1, {inner}}}")


KEYS = [
    Case("R012", small(seed="«max_epochs»: 1"), says="'epochs' is a key of 'training'"),
    Case("R012", training("«max_epochs»: 1"), says="here it is 'epochs', which is on line"),
    Case(
        "R012",
        training("loss: sparse_categorical_crossentropy, «criterion»: mse"),
        says="remove 'criterion', or 'loss'",
    ),
    Case("R012", training("«warmup_ratio»: 0.1"), says="`warmup: {duration: 10%}`"),
    Case("R012", training("«fp16»: true"), says="`hardware: {precision: mixed_float16}`"),
    Case("R012", small(seed="«combiner»: {type: concat}"), says="a name from Ludwig"),
    Case("R012", small(seed="«lr_scheduler»: cosine"), says="did you mean 'schedule'?"),
    Case("R012", small(seed="«random_state»: 1"), says="did you mean 'seed'?"),
    Case("R012", small(seed="«batch»: 8"), says="data.batch_size"),
    Case("R012", small(seed="«logger»: mlflow"), says="did you mean 'tracking'?"),
    Case("R012", small(seed="«compile»: {loss: mse}"), says="write `optimizer`, `training.loss`"),
    Case("R012", optimizer("{kind: sgd, «schedule»: {}}"), says="is a top-level key"),
    Case("R012", training("«lr_scheduler»: cosine"), says="'schedule' is the top-level key for it"),
    Case("R012", optimizer("{kind: adam, «betas»: [0.9, 0.999]}"), says="did you mean 'beta_1'?"),
    Case("R012", optimizer("{kind: sgd, «clipnorm»: 1.0}"), says="training.clip.norm"),
    Case("R012", training("«criterion»: mse"), says="did you mean 'loss'?"),
    Case("R012", training("«accumulate_grad_batches»: 4"), says="did you mean 'accumulate'?"),
    Case("R012", training("«verbose»: 1"), says="--progress"),
    Case("R012", training("early_stopping: {patience: 1, «restore_best_weights»: true}"), says="mean 'restore_best'?"),
    Case("R012", layer("{kind: dense, «hidden_size»: 3}"), says="did you mean 'units'?"),
    Case("R012", layer("{kind: conv2d, «out_channels»: 3, kernel_size: 3}"), says="did you mean 'filters'?"),
    Case("R012", layer("{kind: dropout, «p»: 0.5}"), says="did you mean 'rate'?"),
    Case("R012", layer("{kind: dense, units: 1, «bias»: false}"), says="did you mean 'use_bias'?"),
    Case("R012", layer("{kind: dense, units: 1, «in_features»: 4}"), says="it follows from the layer before"),
    Case("R012", schedule("kind: cosine, initial_lr: 1, «warmup_steps»: 10"), says="did you mean 'warmup'?"),
    Case("R012", schedule("kind: cosine, «max_lr»: 1"), says="did you mean 'initial_lr'?"),
    Case("R012", schedule("kind: cosine, initial_lr: 1, «T_max»: 10"), says="as long as the run"),
    Case("R012", digits("«test_size»: 0.2"), says="data.splits.test"),
    Case("R012", table("«sep»: ';'"), says="did you mean 'delimiter'?"),
    Case("R012", table("«drop»: [id]"), says="{type: ignore}"),
    Case("R012", ranges("seed: {«low»: 1}"), says="{linear: [0.1, 0.5]}"),
    Case("R012", layer("{kind: dense, units: 1, kernel_regularizer: {«kind»: l2, factor: 0.01}}"), says="{l2: 0.01}"),
    Case("R012", layer("{kind: dense, units: 1, kernel_regularizer: {«kind»: L2}}"), says="write {l2: …}"),
    Case("R010", optimizer("{«type»: adam}"), says="did you mean 'kind'?"),
    Case("R010", optimizer("{«name»: Adam}"), says="did you mean 'kind'?"),
]
INDENTATION = [
    Case(
        "R012",
        small(model="model: {kind: sequential}\n«layers»: []"),
        says="'layers' is a key of 'model': write it among the keys of 'model'",
    ),
    Case("R010", "«input_features»: [a]\noutput_features: [b]\ntrainer: {epochs: 1}\n", says="this is not a recipe"),
    Case("R008", layer("{kind: dropout, «0.5»}"), says="the value '0.5' has no key"),
    Case("R008", optimizer("{kind: adam, learning_rate: 0,«001»}"), says="write 0.001 with a point"),
    Case("R005", layer("{«<<»: *dense, kind: dense}"), says="merge keys"),
    Case("R013", small(training="«training»:\nepochs: 1\nloss: mse"), says="indent 'epochs' and 'loss' below it"),
    Case(
        "R013", small(optimizer="«optimizer»:\nlearning_rate: 0.1"), says="indent 'learning_rate' below it: it is its"
    ),
    Case(
        "R013", small(training="training:\n  epochs: 1\n  «early_stopping»:\n  patience: 3"), says="indent 'patience'"
    ),
]
VALUES = [
    Case("R011", small(data="data: {source: «cars.csv», target: y}"), says="write {source: csv, files: cars.csv, …}"),
    Case("R011", layer("{kind: «torch.nn.Linear»}"), says="did you mean 'dense'?"),
    Case("R011", layer("{kind: «winograd»}"), says="lstm, gru and "),
    Case("R013", training("early_stopping: «true»"), says="{patience: 5}"),
    Case("R013", schedule("kind: cosine, initial_lr: 1, warmup: «500»"), says="{duration: 500 steps}"),
    Case("R013", optimizer("{kind: adam, learning_rate: «$LR»}"), says="variables are not replaced"),
    Case("R016", small(expect="expect: {test_accuracy: «'>= 90%'»}"), says="a share is written as a fraction"),
    Case("R011", regression("loss: «categorical_crossentropy»"), says="losses for regression: mean_squared_error"),
    Case("R011", training("loss: «mse»"), says="mean_squared_error is not for classification"),
    Case("R011", training("metrics: [«mae»]"), says="mean_absolute_error is not for classification"),
    Case("R011", training("metrics: [«roc_auc»]"), says="did you mean 'auc'?"),
    Case("R011", training("loss: «CrossEntropyLoss»"), says="did you mean 'sparse_categorical_crossentropy'?"),
    Case("R011", regression("metrics: [«rmse»]"), says="did you mean 'root_mean_squared_error'?"),
    Case("R011", schedule("kind: «StepLR»"), says="did you mean 'exponential'?"),
    Case("R011", schedule("kind: «get_linear_schedule_with_warmup»"), says="did you mean 'linear'?"),
    Case("R011", layer("{kind: «Linear»}"), says="did you mean 'dense'?"),
    Case("R011", layer("{kind: dense, units: 1, kernel_initializer: «kaiming_normal»}"), says="mean 'he_normal'?"),
    Case("R011", small(data="data: {source: «image_folder»}"), says="did you mean 'images'?"),
    Case("R011", small(hardware="hardware: {precision: «fp16»}"), says="did you mean 'mixed_float16'?"),
    Case("R011", table("columns: {a: {missing: «zero»}}"), says="write {missing: constant, value: 0}"),
    Case("R011", table("splits: {by: «region»}"), says="{by: group, column: region}"),
    Case("R011", layer("{kind: conv2d, filters: 1, kernel_size: 3, padding: «SAME»}"), "same"),
    Case("R013", layer("{kind: conv2d, filters: 1, kernel_size: 3, padding: «1»}"), says="write same"),
    Case("R013", table("columns: {a: «numeric»}"), says="write {type: number}"),
    Case("R013", schedule("kind: 1cycle, max_lr: 1, momentum: «0.9»"), says="write {high: 0.95, low: 0.85}"),
    Case("R013", small(data="data: «mnist»"), says="name the source as well"),
    Case("R013", small(schedule="schedule: «0.001»"), says="{kind: constant, learning_rate: 0.001}"),
    Case("R013", small(seed="tracking: [{«tensorboard»: {every: 10 steps}}]"), says="write tensorboard alone"),
    Case("R013", small(seed="after: [{«report»: {}}]"), says="a mapping here has the key export"),
    Case("R013", training("ema: «true»"), says="{decay: 0.999}"),
    Case("R013", optimizer("«Adam(lr=0.001)»"), says="write a mapping: {kind: adam, …}"),
    Case("R013", small(training="training:\n  «epochs:3»"), says="write 'epochs: 3', with a space"),
    Case("R013", small(training="training:\n  «epochs = 3»"), says="write 'epochs: 3', with a space"),
    Case("R016", digits("splits: {train: «0.8»}"), says="did you mean 80%?"),
    Case("R016", digits("splits: {train: «80»}"), says="a share is written in percent"),
    Case("R016", digits("splits: {train: «120%»}"), says="from 0% to 100%"),
    Case("R016", small(expect="expect: {test_accuracy: «“>= 0.9”»}"), says="write straight quotes"),
    Case("R017", table("delimiter: «semicolon»"), says='write ";"'),
    Case("R017", table("delimiter: «'\\t'»"), says="in double quotes"),
]
TEXTS = [
    Case("R004", small() + "«//» comment\n", says="a comment begins with '#'"),
    Case("R004", small(training="training: {epochs: «${»EPOCHS}}"), says="variables are not replaced"),
    Case("R004", small(training="training:\n  «epochs» 3\n  metrics: [accuracy]"), says="write 'epochs: 3'"),
    Case("R004", "[training]\n«e»pochs = 3\n", says="one 'key: value' per line"),
    Case("R004", small(training="training: {epochs: 3,«,»}"), says="a value is missing before"),
]
