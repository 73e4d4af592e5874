"""A saved model of texts takes texts, in a process that knows nothing of this package."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

from runner.engine.step.learner import make_learner
from runner.model.saving import save_model
from runner.plan.plan import make_plan
from tests.data.test_own_files import TEXT, Opened, every, texts

PREDICT = """
import json, sys
import keras, numpy as np
texts = json.loads(sys.argv[2])
found = keras.models.load_model(sys.argv[1]).predict(np.array(texts, object), verbose=0)
assert not any(name.partition(".")[0] in ("runner", "schemas") for name in sys.modules)
print(json.dumps(np.asarray(found).tolist()))
"""


def test_a_saved_model_of_texts_gives_what_the_pipeline_gives(tmp_path: Path) -> None:
    found = Opened(texts(tmp_path), **TEXT)
    plan, dataset = make_plan(found.recipe, found.facts), found.load()
    learner = make_learner(plan, dataset)
    path = tmp_path / "model.keras"
    before = learner.model.get_weights()
    save_model(learner.model, learner.optimizer.optimizer, plan, path, [2 * weight for weight in before])
    learner.model.set_weights([2 * weight for weight in before])
    details = found.facts.details
    given = [details.texts[k] for k in details.parts["test"]] + ["", "Never seen, GOOD words!"]  # type: ignore[attr-defined]
    x, _ = every(dataset.test)
    more = details.encoding.encoded(given[len(x) :])  # type: ignore[attr-defined]
    ours = learner.model.predict(np.concatenate([x, more]).astype(np.float32), verbose=0)
    command = [sys.executable, "-I", "-c", PREDICT, str(path), json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    theirs = np.array(json.loads(done.stdout.splitlines()[-1]))
    np.testing.assert_allclose(theirs, ours, atol=1e-6)
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("class_names.json")) == ["neg", "pos"]
