"""``recipe data check`` finds copies of an image in another size or encoding, and leaves other images alone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from runner.cli import app
from runner.workflows.dataset_check.looks import looks_of
from runner.workflows.dataset_check.scanned import Scan
from runner.workflows.dataset_check.similar import similar

RECIPE = """\
recipe: 1
name: r
task: classification
data: {source: images, folder: photos, size: [48, 64]}
model: {kind: sequential, layers: [{kind: flatten}]}
training: {epochs: 1}
"""


def photo(seed: int) -> Image.Image:
    """Soft spots of colour."""
    small = np.random.default_rng(seed).integers(0, 255, (6, 8, 3)).astype(np.uint8)
    return Image.fromarray(small).resize((128, 96), Image.Resampling.BICUBIC)


def put(place: str, image: Image.Image, **options: Any) -> None:
    path = Path("photos", place)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)


def test_resized_and_encoded_copies_are_named_and_mirrored_images_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECIPE_CACHE_DIR", str(tmp_path / "cache"))
    for k in range(12):
        put(f"train/{'ab'[k % 2]}/{k:02}.png", photo(k))
    put("train/a/copy.jpg", photo(3), quality=60)
    put("test/b/smaller.jpg", photo(5).resize((96, 72)), quality=80)
    put("test/a/brighter.png", photo(4).point(lambda value: value // 2 + 60))
    put("test/a/mirrored.png", photo(6).transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    put("test/a/other.png", photo(99))
    Path("r.yaml").write_text(RECIPE)
    done = CliRunner().invoke(app, ["data", "check", "r.yaml", "--json"])
    found = {item["message"]: item for item in json.loads(done.stdout)["findings"] if item["kind"] == "similar"}
    assert found.keys() == {
        "1 image of train looks nearly like an earlier one there", "2 images of test look nearly like one in train",
    }  # fmt: skip
    named = sorted(line for item in found.values() for line in item["examples"])
    starts = ["test, a/brighter.png ~ train, a/04.png, ", "test, b/smaller.jpg ~ train, b/05.png, ",
              "train, b/03.png ~ train, a/copy.jpg, "]  # fmt: skip
    assert [line[: len(start)] for line, start in zip(named, starts, strict=True)] == starts
    assert all(line.endswith(" of 64 bits") for line in named)


def noise(count: int, draw: np.random.Generator) -> Any:
    return np.repeat(np.repeat(draw.integers(0, 255, (count, 8, 9)).astype(np.uint8), 4, axis=1), 4, axis=2)


def scan_of(images: Any) -> Scan:
    n = len(images)
    hashes = np.arange(2 * n, dtype=np.uint64).reshape(n, 2)
    return Scan(hashes, np.zeros(n), images.reshape(n, -1).std(axis=1) == 0, None, looks_of(images))


def test_every_pair_within_three_bits_is_found_as_by_comparing_all() -> None:
    draw = np.random.default_rng(0)
    images = noise(400, draw)
    copies = images[draw.permutation(400)[:60]].astype(np.int64) + draw.integers(-2, 3, (60, 32, 36))
    images = np.concatenate([images, np.clip(copies, 0, 255).astype(np.uint8)])
    looks = looks_of(images)
    bits = np.bitwise_count(looks.hashes[:, None] ^ looks.hashes)
    wanted = ((bits <= 3) & np.tri(len(images), k=-1, dtype=bool)).any(axis=1).sum()
    (found,) = similar({"train": scan_of(images)}, lambda part, place: str(place))
    assert 40 < wanted == found.count


def test_a_bit_says_whether_the_right_neighbour_is_brighter() -> None:
    rising = np.tile(np.arange(0, 180, 5, dtype=np.uint8), (32, 1))
    assert looks_of(np.stack([rising, rising[:, ::-1]])).hashes.tolist() == [2**64 - 1, 0]


def test_images_of_one_color_are_like_no_other() -> None:
    flat = np.full((3, 32, 32), 7, np.uint8)
    assert list(similar({"train": scan_of(flat)}, lambda part, place: str(place))) == []
