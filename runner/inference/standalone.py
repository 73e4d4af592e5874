"""Runs an exported model with NumPy and the model's own runtime: neither Keras nor the program that trained it.

An exported folder holds this file as ``check.py``. ``python check.py`` runs the folder's golden examples and exits
with 1 when a decision, a class name or a file is not what was exported. It imports nothing of its own package.

    python check.py [FOLDER] [--cases FOLDER] [--bench] [--allow-flips N]

``--cases`` names a folder with ``x.npy`` (inputs), ``outputs.npy`` (what Keras made of them) and ``y.npy`` (targets).
For a model of a table or of texts ``rows.jsonl`` has the inputs, a row a line, and ``preprocess.py`` makes of them what
the model takes.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Model = Callable[[Any], Array]
"""Inputs ``(b, *shape)`` in float32, columns ``(b, 1)`` by name, or texts ``(b,)`` → outputs ``(b, units)``."""

METADATA = "preprocess.json"
PREPROCESS = "preprocess.py"
GOLDEN = "golden.npz"
ROWS = "golden.jsonl"
CASES = "rows.jsonl"
BATCH = 250
TOLERANCE = 1e-4
"""Most that a predicted number may differ, times max(1, |number|)."""
_CLASSES = ("classification", "binary")
"""Tasks of an output that decides for one of several classes."""
_RUNS = 200
_SECONDS = 1.0


def decide(outputs: Array, threshold: float | None) -> NDArray[np.int64]:
    """Class of each example: the largest output, or on which side of the threshold the probability of class 1 is.

    Args:
        outputs: probabilities, shape ``(n, units)``.
        threshold: above which class 1 of two is decided for; None: 0.5 of a single output, else the largest decides.

    Raises:
        ValueError: there is a threshold, and there are more than two classes.
    """
    units = outputs.shape[-1]
    if threshold is not None and units > 2:
        raise ValueError(f"a threshold divides two classes; there are {units}")
    if units == 1 or threshold is not None:
        return np.asarray(outputs[:, -1] > (0.5 if threshold is None else threshold), np.int64)
    return np.asarray(outputs.argmax(axis=-1), np.int64)


def labels_of(outputs: Array, threshold: float | Sequence[float] | None) -> NDArray[np.int64]:
    """1 for each label whose probability is above the threshold, or above its own, else 0, shape ``(n, labels)``.

    None: 0.5.
    """
    return np.asarray(outputs > np.asarray(0.5 if threshold is None else threshold, outputs.dtype), np.int64)


def hashes(folder: Path, name: str) -> dict[str, str]:
    """SHA-256 of every file of a model and of ``preprocess.py``, by its path in the folder."""
    root = folder / name
    files = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else [root]
    files += [path for path in (folder / PREPROCESS,) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class _Hidden:
    """A finder of modules that does not find some packages."""

    def __init__(self, finder: Any, packages: tuple[str, ...]) -> None:
        self._finder, self._packages = finder, packages

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """As the finder does, but for the packages."""
        return None if name.partition(".")[0] in self._packages else self._finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


def hide(*packages: str) -> None:
    """Make packages impossible to import in this process; TensorFlow would import Keras when it finds it."""
    sys.meta_path[:] = [_Hidden(finder, packages) for finder in sys.meta_path]


def open_model(folder: Path, metadata: dict[str, Any]) -> Model:
    """The model as a function of a batch, by the runtime of its format."""
    openers = {
        "onnx": _onnx, "litert": _litert, "openvino": _openvino, "savedmodel": _saved_model, "keras": _keras
    }  # fmt: skip
    named = metadata["format"] != "keras"  # whose file has the columns of all outputs beside one another
    names = [output["name"] for output in metadata.get("outputs", [])] if named else []
    return openers[metadata["format"]](folder / metadata["model"], names)


def _beside(found: Mapping[str, Any], names: Sequence[str]) -> Array:
    """Several outputs as one array, in the order of their names."""
    if {*names} != {*found}:
        raise ValueError(f"the outputs of the model are {', '.join(sorted(found))}, and not {', '.join(sorted(names))}")
    return np.concatenate([np.asarray(found[name]) for name in names], axis=1)


def _onnx(path: Path, names: Sequence[str]) -> Model:
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    if names:
        given = [output.name for output in session.get_outputs()]
        return lambda x: _beside(dict(zip(given, session.run(None, {name: x}), strict=True)), names)
    return lambda x: np.asarray(session.run(None, {name: x})[0])


def _litert(path: Path, names: Sequence[str]) -> Model:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(path))
    if names:  # only the signature knows them
        signature = interpreter.get_signature_runner()
        (name,) = signature.get_input_details()
        return lambda x: _beside(signature(**{name: x}), names)
    taken, given = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def run(x: Array) -> Array:
        if tuple(interpreter.get_input_details()[0]["shape"]) != x.shape:
            interpreter.resize_tensor_input(taken, x.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(taken, x)
        interpreter.invoke()
        return np.array(interpreter.get_tensor(given))

    return run


def _openvino(path: Path, names: Sequence[str]) -> Model:
    import openvino

    # without the hint a processor with bfloat16 computes in it, which moves probabilities in the third digit
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(path / "model.xml", "CPU", settings)
    if names:
        return lambda x: _beside({key.get_any_name(): value for key, value in compiled([x]).items()}, names)
    return lambda x: np.array(compiled([x])[0])


def _saved_model(path: Path, names: Sequence[str]) -> Model:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf

    served = tf.saved_model.load(str(path))
    if names:
        return lambda x: _beside(served.serve(_tensors(tf, x)), names)
    return lambda x: np.asarray(served.serve(_tensors(tf, x)))


def _tensors(tf: Any, x: Any) -> Any:
    return {name: tf.constant(column) for name, column in x.items()} if isinstance(x, dict) else tf.constant(x)


def _keras(path: Path, names: Sequence[str]) -> Model:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import keras
    import tensorflow as tf

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of inputs that cannot be called as their columns
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
    return lambda x: np.asarray(model(_tensors(tf, x), training=False))


class Rows:
    """Raw rows of a file with a line of JSON each, as what a model takes."""

    def __init__(self, path: Path, preprocess: Callable[[Any], Any]) -> None:
        with path.open(encoding="utf-8") as file:
            self._rows = [json.loads(line) for line in file]
        self._preprocess = preprocess

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, chosen: Any) -> Any:
        """Those of a slice or of positions."""
        rows = self._rows[chosen] if isinstance(chosen, slice) else [self._rows[k] for k in chosen]
        return self._preprocess(rows)


def preprocessing(metadata: dict[str, Any]) -> Callable[[Any], Any]:
    """What makes of raw rows what the model takes: by the file beside this one, which need not be installed."""
    place = Path(__file__).with_name(PREPROCESS)
    spec = importlib.util.spec_from_file_location("preprocess", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Callable[[Any], Any] = module.Preprocess(metadata)
    return made


def _inputs(x: Any) -> Any:
    """Numbers as the model's type; what holds words as it is."""
    return np.asarray(x, np.float32) if isinstance(x, np.ndarray) and x.dtype.kind != "O" else x


def compared(
    model: Model, x: Array | Rows, wanted: Array, metadata: dict[str, Any], y: Array | None = None
) -> dict[str, Any]:
    """The model's outputs against those of Keras, batch by batch.

    Args:
        model: that is compared.
        x: inputs.
        wanted: what Keras made of them.
        metadata: of the export.
        y: targets; of several outputs a column for each, or for each label, in their order.

    Returns:
        Examples, the largest difference of any output, and the decisions that differ: classes, or predicted numbers
        beyond the tolerance. With targets also the accuracy, or the mean absolute error, of both. Of several outputs
        the sum of the decisions, and under ``outputs`` all of it for each by name.
    """
    each = [_Compared(part) for part in parts_of(metadata)]
    for start in range(0, len(x), BATCH):
        rows = slice(start, start + BATCH)
        outputs, expected = model(_inputs(x[rows])), np.asarray(wanted[rows])
        for one, own in zip(each, _own_targets(metadata), strict=True):
            one.add(outputs, expected, None if y is None else y[rows] if own is None else y[rows, own])
    found = [one.figures(len(x), scored=y is not None) for one in each]
    if len(found) == 1:
        return {"examples": len(x), **found[0]}
    return {
        "examples": len(x),
        "largest_difference": max(one["largest_difference"] for one in found),
        "flips": sum(one["flips"] for one in found),
        "outputs": {one.part["name"]: figures for one, figures in zip(each, found, strict=True)},
    }


def _own_targets(metadata: dict[str, Any]) -> list[Any]:
    """Which columns of the targets are those of each output; None where there is one output."""
    if "outputs" not in metadata:
        return [None]
    found: list[Any] = []
    place = 0
    for part in metadata["outputs"]:
        count = part["columns"][1] - part["columns"][0] if part["task"] == "multi_label" else 1
        found.append(slice(place, place + count) if part["task"] == "multi_label" else place)
        place += count
    return found


def parts_of(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """The outputs of a model: task, threshold and names of classes of each, and its columns among those of all."""
    if "outputs" not in metadata:
        return [{**metadata, "columns": [0, None]}]
    return [{"int8": metadata["int8"], **output} for output in metadata["outputs"]]


class _Compared:
    """Figures of one output over batches."""

    def __init__(self, part: dict[str, Any]) -> None:
        self.part = part
        self._largest, self._flips, self._score, self._before = 0.0, 0, 0.0, 0.0

    def add(self, outputs: Array, expected: Array, y: Array | None) -> None:
        own = slice(*self.part["columns"])
        outputs, expected = outputs[:, own], expected[:, own]
        difference = np.abs(outputs.astype(np.float64) - expected)
        difference[np.isnan(outputs) & np.isnan(expected)] = 0
        self._largest = float(np.max([self._largest, np.max(np.where(np.isnan(difference), np.inf, difference))]))
        self._flips += int(_flipped(outputs, expected, difference, self.part).sum())
        if y is not None:
            self._score += _score(outputs, y, self.part)
            self._before += _score(expected, y, self.part)

    def figures(self, examples: int, *, scored: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"largest_difference": self._largest, "flips": self._flips}
        means = {"score": self._score / examples, "score_of_keras": self._before / examples}
        return found | means if scored else found


def _score(outputs: Array, y: Array, metadata: dict[str, Any]) -> float:
    """Number of right decisions, or the sum of absolute errors; of several labels or numbers the mean."""
    if metadata["task"] in _CLASSES:
        return float((decide(outputs, metadata["threshold"]) == y).sum())
    if metadata["task"] == "multi_label":
        return float((labels_of(outputs, metadata["threshold"]) == y).mean(axis=-1).sum())
    return float(np.abs(outputs.astype(np.float64) - np.reshape(y, outputs.shape)).mean(axis=-1).sum())


def _flipped(outputs: Array, expected: Array, difference: Array, metadata: dict[str, Any]) -> Array:
    if metadata["task"] != "regression":
        of = labels_of if metadata["task"] == "multi_label" else decide
        decisions = (of(values, metadata["threshold"]) for values in (outputs, expected))
        other = np.not_equal(*decisions).reshape(len(outputs), -1).any(axis=-1)
        return np.asarray(other | (np.isnan(outputs) != np.isnan(expected)).any(axis=-1))
    if metadata["int8"]:  # what it costs is measured, and not whether it is exact
        return np.asarray(~np.isfinite(outputs).all(axis=-1))
    return np.asarray(~(difference <= TOLERANCE * np.maximum(1, np.abs(expected))).all(axis=-1))


def key_of(part: dict[str, Any], key: str) -> str:
    """Where ``golden.npz`` has the names of an output's classes: ``class_name``, of several ``OUTPUT.class_name``."""
    return f"{part['name']}.{key}" if "name" in part else key


def wrong_names(model: Model, x: Array | Rows, golden: Any, metadata: dict[str, Any]) -> Iterator[str]:
    """Golden examples whose decision goes by another name than when the model was exported."""
    outputs = np.concatenate([model(_inputs(x[start : start + BATCH])) for start in range(0, len(x), BATCH)])
    for part in parts_of(metadata):
        of = f"{part['name']}: " if "name" in part else ""
        if part["task"] in _CLASSES:
            own, words, names = slice(*part["columns"]), part["class_names"], golden[key_of(part, "class_name")]
            for row, (number, name) in enumerate(zip(decide(outputs[:, own], part["threshold"]), names, strict=True)):
                called = words[number] if number < len(words) else None
                if called != str(name):
                    yield f"{of}golden example {row}: expected the class {str(name)!r}, got {called!r}"


def _wrong_outputs(golden: Any, metadata: dict[str, Any]) -> Iterator[str]:
    """Names of outputs that are not those of the export."""
    exported = [str(name) for name in golden["output_names"]] if "output_names" in golden else []
    written = [part["name"] for part in metadata.get("outputs", [])]
    if exported != written:
        yield f"the outputs were exported as {', '.join(exported)}, and {METADATA} has {', '.join(written)}"


def _wrong_words(golden: Any, metadata: dict[str, Any]) -> Iterator[str]:
    """Names of classes and labels that are not those of the export, also of classes that no golden example has."""
    for part in parts_of(metadata):
        labels = part["task"] == "multi_label"
        key = "target_names" if labels else "class_names"
        if part["task"] in _CLASSES or (labels and key_of(part, key) in golden):  # older exports keep none of labels
            of = f"{part['name']}: " if "name" in part else ""
            before = [str(name) for name in golden[key_of(part, key)]]
            problems = _other_words(before, list(part[key]), "label" if labels else "class")
            yield from (of + problem for problem in problems)


def _other_words(before: list[str], now: list[str], kind: str) -> Iterator[str]:
    if len(before) != len(now):
        yield f"{METADATA} has {len(now)} {kind} names; {len(before)} were exported"
    for number, (old, new) in enumerate(zip(before, now, strict=False)):
        if old != new:
            yield f"{kind} {number} was exported as {old!r}, and {METADATA} calls it {new!r}"


def _wrong_files(folder: Path, metadata: dict[str, Any]) -> Iterator[str]:
    found = hashes(folder, metadata["model"])
    for name in sorted({*found, *metadata["sha256"]}):
        if found.get(name) != metadata["sha256"].get(name):
            yield f"{name} is not the file that was exported"


def _size(folder: Path, metadata: dict[str, Any]) -> int:
    return sum((folder / name).stat().st_size for name in hashes(folder, metadata["model"]))


def _wrong_inputs(x: Rows, wanted: Array, metadata: dict[str, Any]) -> Iterator[str]:
    """Golden rows of which another input is made than was trained on."""
    if metadata["raw"]["takes"] != "numbers":
        return
    made = x[:]
    same = (made == wanted) | (np.isnan(made) & np.isnan(wanted))
    for row in np.flatnonzero(~same.reshape(len(wanted), -1).all(axis=1)):
        yield f"golden example {row}: {PREPROCESS} makes of it another input than the one that was trained on"


def bench(model: Model, x: Array | Rows) -> dict[str, float]:
    """Milliseconds for one example, and examples a second in batches."""
    one, many = _inputs(x[:1]), _inputs(x[np.arange(BATCH) % len(x)])
    for batch in (one, many):
        model(batch)  # the first call of a shape is not like the others
    model(one)
    times = np.empty(_RUNS)
    for i in range(_RUNS):
        begun = time.perf_counter()
        model(one)
        times[i] = time.perf_counter() - begun
    model(many)
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < _SECONDS:
        model(many)
        count += BATCH
    throughput = count / (time.perf_counter() - begun)
    median, high = (float(np.percentile(times, share) * 1000) for share in (50, 95))
    return {"latency_ms": median, "latency_p95_ms": high, "examples_per_second": throughput}


def check(folder: Path, cases: Path | None, *, benched: bool) -> dict[str, Any]:
    """Run an exported folder: its golden examples and further ones."""
    metadata = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    problems = list(_wrong_files(folder, metadata))
    model = open_model(folder, metadata)
    preprocess = preprocessing(metadata) if "raw" in metadata else None
    with np.load(folder / GOLDEN, allow_pickle=False) as golden:
        x: Array | Rows = golden["x"]
        outputs = golden["outputs"]
        if preprocess is not None:
            x = Rows(folder / ROWS, preprocess)
            problems += _wrong_inputs(x, golden["x"], metadata)
        report: dict[str, Any] = {"golden": compared(model, x, outputs, metadata), "test": None, "bench": None}
        others = list(_wrong_outputs(golden, metadata))
        problems += others or [*_wrong_words(golden, metadata), *wrong_names(model, x, golden, metadata)]
    if cases is not None:
        wanted, y = (np.load(cases / f"{name}.npy", mmap_mode="r") for name in ("outputs", "y"))
        further = np.load(cases / "x.npy", mmap_mode="r") if preprocess is None else Rows(cases / CASES, preprocess)
        report["test"] = compared(model, further, wanted, metadata, y)
    if benched:
        report["bench"] = {**bench(model, x), "bytes": _size(folder, metadata)}
    report["problems"] = problems
    return report


def main() -> int:
    """Check a folder and print what was found as JSON."""
    parser = argparse.ArgumentParser(description="Run an exported model on its golden examples.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--bench", action="store_true")
    parser.add_argument("--allow-flips", type=int, default=0)
    options = parser.parse_args()
    form = json.loads((options.folder / METADATA).read_text(encoding="utf-8"))["format"]
    # openvino imports its telemetry where it is installed; a check connects to nothing
    hide("runner", "schemas", "openvino_telemetry", *([] if form == "keras" else ["keras"]))
    report = check(options.folder, options.cases, benched=options.bench)
    loaded = {name.partition(".")[0] for name in sys.modules}
    told = {"keras", "runner", "schemas", "tensorflow", "onnxruntime", "ai_edge_litert", "openvino"}
    report["imported"] = sorted(loaded & told)
    print(json.dumps(report))
    flips = max(part["flips"] for part in (report["golden"], report["test"]) if part is not None)
    return 1 if report["problems"] or flips > options.allow_flips else 0


if __name__ == "__main__":
    sys.exit(main())
