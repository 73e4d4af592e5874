"""Images: folders and columns listed, headers read without decoding, pixels upright and of a size, files named."""

import struct
import zlib
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps
from sklearn.datasets import load_sample_image

from runner.data.files import file_facts, outside
from runner.data.images.facts import ImageFacts, facts_of, quiet
from runner.data.images.image_files import image_folders, images_of_column
from runner.data.images.jpeg_header import jpeg_header
from runner.data.images.known import known_images
from runner.data.images.many import images_facts
from runner.data.images.table import ImageTable
from runner.data.pixels.decode import Fit, decoded, sized
from runner.data.pixels.images import Images
from runner.data.pixels.parallel_decoding import decoded_blocks
from runner.errors import DataError

CHINA = load_sample_image("china.jpg")
PICTURE = CHINA[100:160, 200:280]


def saved(path: Path, pixels: np.ndarray = PICTURE, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def tree(root: Path, *names: str) -> Path:
    for name in names:
        saved(root / name, np.zeros((2, 3, 3), np.uint8))
    return root


def test_a_folder_is_a_class(tmp_path: Path) -> None:
    root = tree(tmp_path / "pets", "dog/b.png", "dog/a.JPG", "cat/deep/z.png", "cat/.hidden.png", ".git/x.png")
    (root / "cat/notes.txt").write_text("no image")
    found = image_folders(root)
    assert found.classes == ("cat", "dog")
    part = found.parts["all"]
    assert [str(path.relative_to(root)) for path in part.paths] == ["cat/deep/z.png", "dog/a.JPG", "dog/b.png"]
    assert (part.labels, found.others) == ((0, 1, 1), 1)


@pytest.mark.parametrize("validation", ["val", "valid", "Validation"])
def test_folders_may_be_parts(tmp_path: Path, validation: str) -> None:
    found = image_folders(tree(tmp_path, "train/a/1.png", "train/b/1.png", f"{validation}/b/2.png", "test/a/3.png"))
    assert {name: part.labels for name, part in found.parts.items()} == {
        "train": (0, 1),
        "validation": (1,),
        "test": (0,),
    }


def test_folders_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    root = tree(tmp_path / "x", "train/cat/1.png", "test/cats/2.png")
    with pytest.raises(DataError, match="x: class 'cats' of test is not in train") as caught:
        image_folders(root)
    assert caught.value.help == ("did you mean 'cat'?",)
    with pytest.raises(DataError, match="y has val, and no folder train"):
        image_folders(tree(tmp_path / "y", "val/cat/1.png"))
    (tmp_path / "z/empty").mkdir(parents=True)
    with pytest.raises(DataError, match=r"class folder z/empty has no \.bmp or"):
        image_folders(tree(tmp_path / "z", "full/1.png"))
    with pytest.raises(DataError, match="loose has no folders"):
        image_folders(tree(tmp_path / "loose", "1.png"))
    with pytest.raises(DataError, match="cannot be listed"):
        image_folders(tmp_path / "none")
    with pytest.raises(DataError, match="two folders for validation: dev and val"):
        image_folders(tree(tmp_path / "w", "train/a/1.png", "val/a/1.png", "dev/a/1.png"))


def test_files_of_a_class_come_in_the_order_of_paths(tmp_path: Path) -> None:
    names = ("b.png", "b/c.png", "b-/c.png", "b.d/c.png", "B.PNG", ".c.png", "b/.d/e.png", "é.png")
    (found,) = image_folders(tree(tmp_path / "x", *(f"cat/{name}" for name in names))).parts.values()
    seen = [path for path in (tmp_path / "x/cat").rglob("*.[pP][nN][gG]") if "/." not in str(path)]
    assert list(found.paths) == sorted(seen)
    assert len(seen) == 6


def test_a_column_names_images(tmp_path: Path) -> None:
    tree(tmp_path, "data/img/1.png", "secret.png")
    folder = tmp_path / "data"
    assert images_of_column(["img/1.png"], folder, "t.csv", "file") == [(folder / "img/1.png").resolve()]
    for value, said in [
        (None, "no path"),
        ("img/2.png", "'img/2.png': no such file"),
        ("../secret.png", "leaves data"),
        (str(tmp_path / "secret.png"), "leaves data"),
        ("a\0b", "is not a path"),
    ]:
        with pytest.raises(DataError, match=rf"t\.csv: row 2, column 'file': .*{said}"):
            images_of_column(["img/1.png", value], folder, "t.csv", "file")


def header(path: Path) -> ImageFacts:
    """As Pillow reads it."""
    with quiet():
        return facts_of(path)


@pytest.mark.parametrize(
    ("mode", "ending", "grey"),
    [("RGB", "png", False), ("L", "png", True), ("L", "jpg", True), ("P", "gif", False), ("RGBA", "webp", False)],
)
def test_headers_tell_size_format_and_colours(tmp_path: Path, mode: str, ending: str, grey: bool) -> None:
    path = tmp_path / f"a.{ending}"
    Image.fromarray(PICTURE).convert(mode).save(path)
    facts = header(path)
    assert (facts.height, facts.width, facts.grey, facts.orientation) == (60, 80, grey, 1)
    found = decoded(path.read_bytes(), 1 if grey else 3).numpy()
    assert found.shape == (60, 80, 1 if grey else 3)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_stand_upright(tmp_path: Path, orientation: int, ending: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"a.{ending}", exif=exif)
    facts = header(path)
    found = Images(ImageTable.of([facts])).image(0)
    plain = Image.fromarray(decoded(path.read_bytes(), 3).numpy())
    plain.info["exif"] = exif.tobytes()
    plain.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(plain))
    assert facts.orientation == orientation
    assert np.array_equal(found, expected)
    assert found.shape[:2] == (facts.height, facts.width)


def test_png_pixels_are_exact_and_grey_is_tensorflows(tmp_path: Path) -> None:
    facts = header(saved(tmp_path / "a.png"))
    assert np.array_equal(Images(ImageTable.of([facts])).image(0), PICTURE)
    assert np.array_equal(
        Images(ImageTable.of([facts]), channels=1).image(0), tf.image.rgb_to_grayscale(PICTURE).numpy()
    )


@pytest.mark.parametrize("how", ["fit", "crop", "pad"])
@pytest.mark.parametrize("size", [(32, 32), (90, 40), (200, 300)])
def test_sizes_are_made_as_keras_resizing_makes_them(how: Fit, size: tuple[int, int]) -> None:
    found = sized(PICTURE, size, how).numpy()
    layer = keras.layers.Resizing(
        *size, antialias=True, crop_to_aspect_ratio=how == "crop", pad_to_aspect_ratio=how == "pad"
    )
    assert found.shape == (*size, 3)
    assert np.abs(found - np.asarray(layer(PICTURE.astype(np.float32)))).max() <= 0.5001
    graph = tf.function(
        lambda image: sized(image, size, how), input_signature=[tf.TensorSpec([None, None, 3], tf.uint8)]
    )
    assert np.array_equal(graph(PICTURE).numpy(), found)


def test_padding_is_black_and_cropping_takes_the_middle() -> None:
    white = np.full((10, 40, 3), 255, np.uint8)
    padded = sized(white, (40, 40), "pad").numpy()
    assert padded[:14].max() == padded[-14:].max() == 0
    assert padded[16:24].min() == 255
    striped = white.copy()
    striped[:, :14], striped[:, -14:] = 0, 0
    assert sized(striped, (10, 10), "crop").numpy().min() == 255


def test_many_images_come_in_their_order(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{i}.png", np.full((4, 4, 3), i, np.uint8)) for i in range(20)]
    images = Images(images_facts(paths).images)
    assert images.take(np.array([7, 3, 3, 19]))[:, 0, 0, 0].tolist() == [7, 3, 3, 19]


@pytest.mark.parametrize(("size", "turned"), [((60, 80), False), ((30, 20), True)])
def test_blocks_hold_what_single_images_hold(tmp_path: Path, size: tuple[int, int], turned: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    paths = [
        saved(tmp_path / f"{i}.jpg", PICTURE + np.uint8(i), exif=exif if turned and i % 2 else b"") for i in range(9)
    ]
    images = Images(images_facts(paths).images, 3, size, "crop")
    uneven = np.arange(145) % 9  # decoded in groups, of which not all are equally large
    blocks = [np.array([3, 8]), np.array([1]), np.arange(9), np.array([0, 0]), uneven]
    found = list(decoded_blocks(images, (*size, 3), iter(blocks)))
    assert [block.tolist() for block, _ in found] == [block.tolist() for block in blocks]
    for block, pixels in found:
        assert np.array_equal(pixels, np.stack([images.image(k) for k in block.tolist()]))


def test_a_broken_image_of_a_block_is_named(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{i}.jpg", CHINA) for i in range(4)]
    images = Images(images_facts(paths).images)
    blocks = [np.arange(2), np.arange(4)]
    paths[2].write_bytes(paths[2].read_bytes()[:20_000])
    with pytest.raises(DataError, match=r"2\.jpg cannot be decoded: .*JPEG"):
        list(decoded_blocks(images, CHINA.shape, iter(blocks)))
    saved(paths[2])
    with pytest.raises(DataError, match=r"2\.jpg has 60 × 80 pixels, its header said 427 × 640: it has changed"):
        list(decoded_blocks(images, CHINA.shape, iter(blocks)))
    paths[2].unlink()
    with pytest.raises(DataError, match=r"2\.jpg is no longer there"):
        list(decoded_blocks(images, CHINA.shape, iter(blocks)))


def test_plain_jpeg_headers_are_read_as_pillow_reads_them(tmp_path: Path) -> None:
    kinds = {
        "plain": {},
        "progressive": {"progressive": True},
        "comment": {"comment": b"taken by \xff\xda"},
        "restarts": {"restart_marker_blocks": 2},
        "fine": {"quality": 100, "subsampling": 0},
    }
    for name, options in kinds.items():
        for mode in ("RGB", "L"):
            path = tmp_path / f"{name}.jpg"
            Image.fromarray(PICTURE).convert(mode).save(path, **options)
            content = path.read_bytes()
            assert jpeg_header(content) == (60, 80, mode == "L"), name
            assert facts_of(path, content) == header(path)


def test_what_is_no_plain_jpeg_is_left_to_pillow(tmp_path: Path) -> None:
    content = saved(tmp_path / "a.jpg").read_bytes()
    scan = content.index(b"\xff\xda")
    assert all(jpeg_header(content[:length]) is None for length in range(scan + 4))
    Image.fromarray(PICTURE).convert("CMYK").save(tmp_path / "four.jpg")
    saved(tmp_path / "turned.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    for name in ("four.jpg", "turned.jpg"):
        assert jpeg_header((tmp_path / name).read_bytes()) is None
    frame = content.index(b"\xff\xc0")
    for place, value in [(frame + 3, 16), (frame + 4, 12), (frame + 9, 2), (frame + 1, 0xC9)]:
        changed = content[:place] + bytes([value]) + content[place + 1 :]
        assert jpeg_header(changed) is None


def test_files_are_read_once_for_facts_and_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [saved(tmp_path / f"{name}.{kind}") for name, kind in (("a", "jpg"), ("b", "png"), ("c", "jpg"))]
    (tmp_path / "bad.jpg").write_text("no image")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(saved(cut, CHINA).read_bytes()[:20_000])
    asked = [paths[0], tmp_path / "bad.jpg", paths[1], cut, paths[2], tmp_path / "gone.jpg"]
    images, files = known_images(asked, "skip")
    assert list(images.images) == list(images_facts(paths).images)
    assert (images.places, tuple(files)) == ((0, 2, 4), tuple(file_facts(path) for path in paths))
    assert [said.split()[0] for said in images.skipped] == ["bad.jpg", "cut.jpg", "gone.jpg"]
    monkeypatch.setattr("runner.data.images.known.WHOLE", 100)
    assert list(known_images(paths, "fail")[1]) == [outside(path) for path in paths]
    monkeypatch.undo()
    monkeypatch.setattr("runner.data.images.known._LARGE", 100)
    again, files_again = known_images(asked, "skip")
    assert (list(again.images), again.skipped, list(files_again)) == (list(images.images), images.skipped, list(files))


def test_a_header_is_read_from_the_first_bytes_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = saved(tmp_path / "near.jpg", CHINA), saved(tmp_path / "far.jpg", CHINA, comment=b"x" * 20_000)
    by_pillow: list[str] = []
    pillow = Image.open
    monkeypatch.setattr(Image, "open", lambda path, **how: by_pillow.append(path.name) or pillow(path, **how))
    found = [facts_of(path) for path in (near, far)]
    assert by_pillow == ["far.jpg"]
    assert [(image.height, image.width, image.grey) for image in found] == [(*CHINA.shape[:2], False)] * 2


def test_files_that_are_no_images_are_named_or_left_out(tmp_path: Path) -> None:
    good = saved(tmp_path / "good.png")
    bad = tmp_path / "bad.jpg"
    bad.write_text("no image")
    with pytest.raises(DataError, match=r"bad.jpg is not an image that can be read: its content is none of"):
        images_facts([good, bad])
    found = images_facts([bad, good], on_error="skip")
    assert (found.places, len(found.skipped)) == ((1,), 1)
    with pytest.raises(DataError, match=r"bad.jpg"):
        images_facts([bad], on_error="skip")
    with pytest.raises(DataError, match="there is no image"):
        images_facts([])
    with pytest.raises(DataError, match=r"gone.png is not an image that can be read: No such file"):
        header(tmp_path / "gone.png")


def test_a_broken_image_is_named_when_it_is_decoded(tmp_path: Path) -> None:
    path = saved(tmp_path / "cut.jpg", CHINA)
    facts = header(path)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(DataError, match=r"cut.jpg cannot be decoded: .*JPEG"):
        Images(ImageTable.of([facts])).image(0)
    saved(path)
    with pytest.raises(DataError, match=r"cut.jpg has 60 × 80 pixels, its header said 427 × 640"):
        Images(ImageTable.of([facts])).image(0)
    path.unlink()
    with pytest.raises(DataError, match=r"cut.jpg is no longer there"):
        Images(ImageTable.of([facts])).image(0)


@pytest.mark.parametrize("side", [9_460, 20_000, 65_000])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, side: int) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    (tmp_path / "bomb.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(DataError, match=r"bomb.png has .*89,478,485"):
        header(tmp_path / "bomb.png")


def test_images_that_cannot_be_decoded_are_left_out_and_listed(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{name}.jpg", CHINA) for name in "abc"]
    paths[1].write_bytes(paths[1].read_bytes()[:20_000])
    found = images_facts(paths, on_error="skip")
    assert found.places == (0, 2)
    assert [text.split(" cannot")[0] for text in found.skipped] == ["b.jpg"]


def test_mixed_sizes_need_a_size(tmp_path: Path) -> None:
    paths = [saved(tmp_path / "a.png"), saved(tmp_path / "b.png", CHINA)]
    assert images_facts(paths[:1]).size() == (60, 80)
    with pytest.raises(DataError, match=r"a.png has 60 × 80, b.png has 427 × 640"):
        images_facts(paths).size()


def test_broken_exif_is_upright(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert header(path).orientation == 1
