"""A language model: perplexity as NumPy has it, a saved model that takes texts, and text that it writes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from runner.api import generate, generator
from runner.cli import app
from runner.errors import InputError
from runner.events import AfterStepEnded
from runner.inference.generation import Generator
from runner.inference.sampling import Sampling
from runner.record.directory import RunPaths
from runner.record.events_file import read_events
from tests.inference.trained import evaluated, program

RECIPE = """\
recipe: 1
name: sayings
task: language_model
seed: 2
data: {source: text, file: sayings.csv, length: 8, batch_size: 16}
model:
  kind: sequential
  layers:
    - {kind: embedding, output_dim: 8}
    - {kind: position_embedding}
    - {kind: multi_head_attention, num_heads: 2, key_dim: 4, use_causal_mask: true, dropout: 0.1}
optimizer: {kind: adam}
schedule: {kind: constant, learning_rate: 0.03}
training: {epochs: 8, metrics: [perplexity, accuracy, top_2_accuracy]}
expect: {test_perplexity: "<= 4"}
after: [evaluate]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("sayings")
    draw = np.random.default_rng(4)
    said = [
        f"the {draw.choice(['cat', 'dog'])} {draw.choice(['sat', 'ran'])} home{f' no{n}' if n % 9 == 0 else ''}"
        for n in range(200)
    ]
    (folder / "sayings.csv").write_text("\n".join(["text", *said]) + "\n")
    (folder / "sayings.yaml").write_text(RECIPE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECIPE_CACHE_DIR", str(folder / "cache"))
        program("run", folder / "sayings.yaml", "--run-dir", folder / "run", "-q")
        yield folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    """As plain Keras opens it."""
    return keras.saving.load_model(folder / "run" / "model.keras")


def core(model: Any) -> Any:
    return next(layer for layer in model.layers if isinstance(layer, keras.Model))


def logits_of(model: Any, numbers: list[int]) -> np.ndarray:
    """Of the token after some, by the trained model alone."""
    row = np.zeros((1, 8), np.float32)
    row[0, : len(numbers[-8:])] = numbers[-8:]
    return np.asarray(core(model)(row, training=False))[0, min(len(numbers), 8) - 1].astype(np.float64)


def softmax(values: np.ndarray) -> np.ndarray:
    shares = np.exp(values - values.max(-1, keepdims=True))
    return np.asarray(shares / shares.sum(-1, keepdims=True))


def numbers_of(model: Any, text: str) -> list[int]:
    (layer,) = (layer for layer in model.layers if isinstance(layer, keras.layers.TextVectorization))
    return [int(number) for number in np.asarray(layer([text]))[0]]


def invoked(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_perplexity_is_that_of_all_tokens(folder: Path, model: Any) -> None:
    """exp of the mean over the tokens of a file that the run has not read, by NumPy in float64."""
    texts = [f"the {word} sat home today" for word in ("cat", "dog", "hen") * 5]
    (folder / "other.csv").write_text("\n".join(["text", *texts]) + "\n")
    end = 2  # before all words
    row = np.array([number for text in texts for number in (*numbers_of(model, text), end)])
    count = (len(row) - 1) // 8
    x, y = row[: count * 8].reshape(-1, 8), row[1 : count * 8 + 1].reshape(-1, 8)
    shares = softmax(np.asarray(core(model)(x.astype(np.float32), training=False), np.float64))
    own = np.take_along_axis(shares, y[..., None], -1)
    told = evaluated(folder / "run", "--data", folder / "other.csv")
    assert told["examples"] == count
    assert told["metrics"]["perplexity"] == pytest.approx(np.exp(-np.log(own).mean()), rel=1e-6)
    assert told["metrics"]["loss"] == pytest.approx(-np.log(own).mean(), rel=1e-6)
    assert told["metrics"]["accuracy"] == pytest.approx((shares.argmax(-1) == y).mean())


def test_an_evaluation_tells_the_hardest_sequences_and_their_least_expected_tokens(folder: Path, model: Any) -> None:
    texts = [f"the {word} {verb} home" for word in ("cat", "dog", "ran") for verb in ("sat", "no9", "the", "home")]
    (folder / "hard.csv").write_text("\n".join(["text", *texts]) + "\n")
    row = np.array([number for text in texts for number in (*numbers_of(model, text), 2)])
    count = (len(row) - 1) // 8
    x, y = row[: count * 8].reshape(-1, 8), row[1 : count * 8 + 1].reshape(-1, 8)
    shares = softmax(np.asarray(core(model)(x.astype(np.float32), training=False), np.float64))
    own = np.take_along_axis(shares, y[..., None], -1)[..., 0]
    losses, names = -np.log(own).mean(axis=1), names_of(model)
    told = evaluated(folder / "run", "--data", folder / "hard.csv")["surprises"]
    assert len(told) == 5
    for found, k in zip(told, np.argsort(-losses), strict=False):
        step = int(own[k].argmin())
        assert found["loss"] == pytest.approx(losses[k], rel=1e-5)
        assert found["before"] == " ".join(names[number] for number in x[k, : step + 1])
        assert (found["token"], found["expected"]) == (names[y[k, step]], names[shares[k, step].argmax()])
        assert found["probability"] == pytest.approx(own[k, step], rel=1e-4)
        assert found["expected_probability"] == pytest.approx(shares[k, step].max(), rel=1e-4)
    shown = program("evaluate", folder / "run", "--data", folder / "hard.csv").stdout
    assert f"{count} sequences" in " ".join(shown.split())  # the line breaks where the path before it makes it
    assert told[0]["before"] in shown


def test_an_evaluation_after_the_training_is_made_although_none_is_kept(folder: Path) -> None:
    (made,) = [event for event in read_events(RunPaths(folder / "run").events) if isinstance(event, AfterStepEnded)]
    assert made.done
    assert "perplexity" in made.message
    assert made.message.endswith("not kept: the report shows predictions of whole examples, not of each of their steps")


def test_an_evaluation_has_the_figures_of_the_run(folder: Path) -> None:
    events = [json.loads(line) for line in (folder / "run" / "events.jsonl").read_text().splitlines()]
    told = evaluated(folder / "run", "--split", "test")
    tested = next(event["metrics"] for event in events if event.get("split") == "test")
    assert {f"test_{name}": value for name, value in told["metrics"].items()} == pytest.approx(tested, rel=1e-6)
    assert told["metrics"]["perplexity"] == pytest.approx(np.exp(told["metrics"]["loss"]), rel=1e-6)


@pytest.mark.parametrize("text", ["the", "The cat, sat", "the cat sat home no1 the dog ran home no2 the cat ran"])
def test_the_saved_model_takes_texts(model: Any, text: str) -> None:
    """Shorter and longer than its sequences."""
    found = model.predict(keras.ops.convert_to_tensor([text, "home"]), verbose=0)
    np.testing.assert_allclose(found[0], softmax(logits_of(model, numbers_of(model, text))), atol=1e-6)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-6)


def test_predict_names_the_next_token(folder: Path) -> None:
    (folder / "p.txt").write_text("the")
    lines = program("predict", folder / "run", folder / "p.txt", "--top-k", "2").stdout.splitlines()
    assert lines[0] == "id,class,probability,class_1,probability_1,class_2,probability_2"
    cells = lines[1].split(",")
    assert {cells[3], cells[5]} == {"cat", "dog"}


def names_of(model: Any) -> tuple[str, ...]:
    return ("[PAD]", *next(one for one in model.layers if one.name == "vectorization").get_vocabulary()[1:])


def test_generated_text_is_drawn_token_by_token(model: Any) -> None:
    prompt, seed, temperature = "the cat", 5, 0.7
    writes = Generator(model, Sampling(max_tokens=30, temperature=temperature, seed=seed))
    found, names = writes(prompt), names_of(model)
    numbers, draws = numbers_of(model, prompt), np.random.Generator(np.random.Philox(key=seed)).random(30)
    written: list[str] = []
    for draw in draws:
        shares = softmax(logits_of(model, numbers)[2:] / temperature)
        number = int(np.flatnonzero(np.cumsum(shares) > draw)[0]) + 2
        if names[number] == "[END]":
            break
        numbers.append(number)
        written.append(names[number])
    assert written
    finish = "end" if len(written) < 30 else "length"
    assert (found.text, found.tokens, found.finish) == (" ".join(written), len(written), finish)
    assert writes(prompt) == found
    assert len({writes(prompt, sample).text for sample in range(8)}) > 1
    greedy = Generator(model, Sampling(max_tokens=1, temperature=0))(prompt)
    assert greedy.text == names[int(logits_of(model, numbers_of(model, prompt))[2:].argmax()) + 2]


def test_a_stream_gives_the_text_piece_by_piece(model: Any) -> None:
    writes = Generator(model, Sampling(max_tokens=6, seed=5))
    stream = writes.stream("the")
    first = next(iter(stream))
    assert (stream.written.text, stream.written.tokens) == (first, 1)
    pieces = [first, *stream]
    assert "".join(pieces) == writes("the").text == stream.written.text
    assert len(pieces) == stream.written.tokens > 2


def test_a_text_ends_before_a_text_of_stop(model: Any) -> None:
    """And nothing of it is given while it may still come."""
    whole = Generator(model, Sampling(temperature=0))("the").text.split()
    assert len(whole) >= 3
    stopping = Sampling(temperature=0, stop=("home home", f"{whole[1].upper()}, {whole[2]}!"))
    stream = Generator(model, stopping).stream("the")
    assert list(stream) == whole[:1]
    assert (stream.written.text, stream.written.finish) == (whole[0], "stop")
    for stop, says in (("zebra", "'zebra' has a token that the model never writes"), ("!", "'!' has no token")):
        with pytest.raises(InputError, match=says):
            Generator(model, Sampling(stop=(stop,)))


def test_a_beginning_of_stop_that_does_not_go_on_is_a_part_of_the_text(model: Any) -> None:
    whole = Generator(model, Sampling(temperature=0, max_tokens=4))("the")
    first, second, *_ = whole.text.split()
    stream = Generator(model, Sampling(temperature=0, max_tokens=4, stop=(f"{first} {second} {second}",))).stream("the")
    assert "".join(stream) == whole.text
    assert stream.written == whole


def test_generate_writes_on(folder: Path) -> None:
    asked = ("generate", folder / "run", "--prompt", "the cat", "--max-tokens", 4, "--seed", 5)
    shown, told = program(*asked).stdout, json.loads(program(*asked, "--json").stdout)
    (sample,) = told["samples"]
    assert shown.strip() == f"the cat {sample['text']}".strip()
    assert sample["tokens"] == len(sample["text"].split()) <= 4
    begun = json.loads(program("generate", folder / "run", "--temperature", 0, "--length", 1, "--json").stdout)
    assert begun["samples"] == [{"text": "the", "tokens": 1, "finish": "length"}]  # as after the end of a text


def test_generate_takes_what_the_library_takes(folder: Path) -> None:
    """The prompt of a file or of stdin, and every option, give what the library gives."""
    (folder / "prompt.txt").write_text("the dog\n")
    options = ("--max-tokens", 9, "--temperature", 9, "--top-k", 5, "--top-p", 0.9, "--stop", "home", "--seed", 3)
    asked = ("generate", folder / "run", *options, "--samples", 3)
    told = json.loads(program(*asked, "--prompt-file", folder / "prompt.txt", "--json").stdout)
    found = generate(
        folder / "run", "the dog", samples=3, max_tokens=9, temperature=9, top_k=5, top_p=0.9, stop=("home",), seed=3
    )
    assert [(one["text"], one["finish"]) for one in told["samples"]] == [(one.text, one.finish) for one in found]
    assert len({one.text for one in found}) > 1
    assert "home" not in " ".join(one.text for one in found)
    shown = program(*asked, "--prompt-file", "-", stdin=b"the dog\n").stdout
    assert shown.split("\n---\n") == [
        f"the dog {one.text}".rstrip() + ("\n" if one is found[-1] else "") for one in found
    ]


def test_what_cannot_be_written_says_so(folder: Path, digits: Any) -> None:
    with pytest.raises(InputError, match="this one is of classification"):
        generator(digits.folder)
    with pytest.raises(InputError, match="samples: must be at least 1; received 0"):
        generate(folder / "run", samples=0)
    both = invoked("generate", folder / "run", "--prompt", "the", "--prompt-file", "-")
    assert (both.exit_code, "both say what the text begins with" in both.stderr) == (2, True)
    gone = invoked("generate", folder / "run", "--prompt-file", folder / "none.txt")
    assert (gone.exit_code, "No such file" in gone.stderr) == (2, True)


def test_what_cannot_be_done_says_so(folder: Path, digits: Any) -> None:
    exported = invoked("export", folder / "run", "--to", "onnx")
    assert (exported.exit_code, "opens in plain Keras" in exported.stderr) == (2, True)
    refused = invoked("generate", digits.folder)
    assert (refused.exit_code, "this one is of classification" in refused.stderr) == (2, True)
    short = folder / "short.csv"
    short.write_text("text\nthe cat\n")
    few = invoked("evaluate", folder / "run", "--data", short)
    assert (few.exit_code, "too few for a sequence of 8" in few.stderr) == (2, True)


def test_data_verbs_know_tokens(folder: Path) -> None:
    baseline = json.loads(program("data", "baseline", folder / "sayings.yaml", "--json").stdout)["baselines"]
    assert baseline.keys() == {"unigram", "majority"}
    assert 1 < baseline["unigram"]["perplexity"] < 60
    assert "the" in program("data", "show", folder / "sayings.yaml").stdout
    assert program("data", "check", folder / "sayings.yaml").exit_code == 0


def test_a_step_is_looked_into(folder: Path) -> None:
    assert "equal to the bit" in program("inspect", folder / "run", "--step", 3).stdout
    assert program("report", folder / "run").exit_code == 0
