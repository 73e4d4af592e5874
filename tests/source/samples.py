"""Recipes for the tests, and a way to say where carets are expected."""

from dataclasses import dataclass

MNIST = """\
# Goal: MNIST with a small MLP and 1cycle.
recipe: 1
name: mnist_1cycle
description: A 300-100 MLP with per-layer dropout, trained by 1cycle.
task: classification
seed: 42

data:
  source: tfds
  name: mnist
  splits: {train: "train[:55000]", validation: "train[55000:]", test: test}
  scale: 1/255
  batch_size: 128
  fallback:                       # used, aloud, when the hub is out of reach
    source: builtin
    name: mnist-5k
    expect: {test_accuracy: ">= 0.93"}

model:
  kind: sequential
  input_dropout: 0.1
  layers:
    - {kind: flatten}
    - {kind: dense, units: 300, activation: relu, kernel_initializer: he_normal, dropout: 0.3}
    - {kind: dense, units: 100, activation: relu, kernel_initializer: he_normal, dropout: 0.1}

optimizer: {kind: sgd, nesterov: true}

schedule:
  kind: 1cycle
  max_lr: 0.1
  momentum: {high: 0.95, low: 0.85}

training:
  epochs: 10
  metrics: [accuracy]

expect:
  test_accuracy: ">= 0.982"
"""

PHASES = """\
recipe: 1
name: phases
task: regression
data: {source: builtin, name: diabetes, splits: {train: 70%, validation: 10%, test: 20%}, scale: standard}
model:
  kind: sequential
  dropout: {low: 0.1, high: 0.4}
  layers:
    - {kind: reshape, target_shape: [2, 5, 1]}
    - {kind: conv2d, filters: 4, kernel_size: [1, 2], padding: same}
    - {kind: flatten}
optimizer: {kind: rmsprop, momentum: 0.5}
schedule:
  kind: phases
  phases:
    - {name: up, duration: 40%, learning_rate: {from: 0, to: 1/10}, momentum: {from: 0.9, to: 0.8}}
    - {name: down, duration: 60%, learning_rate: {from: 0.1, to: 0}, curve: cosine, purpose: anneal}
training: {epochs: 3, early_stopping: {patience: 2}}
"""

PLATEAU = """\
recipe: 1
name: plateau
task: classification
data: {source: builtin, name: digits}
model: {kind: sequential, layers: [{kind: dense, units: 8}], dropout: auto}
optimizer: {kind: adam, beta_1: 0.8}
schedule:
  kind: plateau
  base: {kind: piecewise, boundaries: [2 epochs, 5 epochs], values: [0.1, 0.01, 1e-3]}
  patience: 3
  warmup: {duration: 1 epoch, from: 1e-4}
training: {epochs: 9, loss: sparse_categorical_crossentropy, metrics: []}
hardware: {device: cpu, threads: 1}
"""

SAMPLES = (MNIST, PHASES, PLATEAU)

_LINES = {
    "recipe": "recipe: 1",
    "name": "name: small",
    "task": "task: classification",
    "data": "data: {source: builtin, name: digits}",
    "model": "model: {kind: sequential, layers: []}",
    "training": "training: {epochs: 1}",
}


def small(**parts: str) -> str:
    """A small recipe; a keyword replaces the lines of a key, or adds them (an empty one drops the key)."""
    lines = {**_LINES, **parts}
    return "".join(f"{line}\n" for line in lines.values() if line)


@dataclass(frozen=True)
class Marked:
    """A text whose «marked» part is where carets are expected."""

    text: str
    line: int
    column: int
    length: int


def marked(text: str) -> Marked:
    """Take the marks out of a text and say where they stood (None of them: the first character)."""
    before, _, rest = text.partition("«")
    if not rest:
        return Marked(text, 1, 1, 1)
    inside, _, after = rest.partition("»")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Marked(before + inside + after, line, column, len(inside))
