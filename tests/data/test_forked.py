"""Work on many files divided among processes: each place once, whatever becomes of a process."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner.data import forked
from runner.data.files import total_size
from runner.data.forked import in_processes, shared
from runner.data.images import known
from runner.data.images.known import known_images
from runner.errors import DataError

PLACES = 1_000


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three processes, for as few places as there may be; the numbers of those that were forked."""
    begun, fork = [], os.fork

    def noted() -> int:
        begun.append(fork())
        return begun[-1]

    monkeypatch.setattr(os, "fork", noted)
    monkeypatch.setattr(forked, "LEAST", 1)
    monkeypatch.setattr(forked, "cores", lambda: 3)
    return begun


def require_gone(children: list[int]) -> None:
    assert len(children) == 2
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


def test_each_place_is_done_once_by_one_of_several_processes(children: list[int]) -> None:
    memory = shared(8 * PLACES)
    done = np.frombuffer(memory, np.int64)

    def work(start: int, stop: int) -> None:
        done[start:stop] += os.getpid()

    in_processes(PLACES, work)
    assert os.getpid() in done
    assert len(set(done.tolist())) == 3
    require_gone(children)


def test_a_process_that_fails_or_is_killed_leaves_its_places_to_the_caller(children: list[int]) -> None:
    done = np.frombuffer(shared(PLACES), np.uint8, PLACES)
    own = os.getpid()

    def work(start: int, stop: int) -> None:
        if os.getpid() != own and start > PLACES // 2:
            if start % 128:
                raise ValueError("torn")
            os.kill(os.getpid(), signal.SIGKILL)
        done[start:stop] = 1

    in_processes(PLACES, work)
    assert 0 < done.sum() < PLACES
    require_gone(children)


def test_an_error_ends_the_other_processes(children: list[int]) -> None:
    own = os.getpid()

    def work(start: int, stop: int) -> None:
        if os.getpid() == own:
            raise DataError("a.jpg changed while it was read")
        signal.pause()

    with pytest.raises(DataError, match=r"a\.jpg"):
        in_processes(PLACES, work)
    require_gone(children)


def test_processes_say_of_images_what_threads_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    paths = [tmp_path / f"{k:03}.{'png' if k % 7 == 3 else 'jpg'}" for k in range(300)]
    for k, path in enumerate(paths):
        pixels = draw.integers(0, 255, (4 + k % 3, 5, 3)).astype(np.uint8)
        Image.fromarray(pixels if k % 5 else pixels[..., 0]).save(path)
    for k in (70, 200, 290):
        paths[k].write_text(f"no image {k}")
    found = {}
    for name, count in (("processes", 3), ("threads", 1)):
        monkeypatch.setattr(forked, "cores", lambda count=count: count)
        images, files = known_images(paths, "skip")
        found[name] = list(images.images), images.places, images.skipped, list(files), total_size(list(map(str, paths)))
        with pytest.raises(DataError, match=r"070\.jpg is not an image"):
            known_images(paths, "fail")
    assert found["processes"] == found["threads"]
    assert [said[:3] for said in found["processes"][2]] == ["070", "200", "290"]
    assert found["processes"][4] == sum(path.stat().st_size for path in paths)


def test_images_that_a_killed_process_left_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{k:03}.jpg" for k in range(200)]
    for path in paths:
        Image.new("RGB", (3, 2)).save(path)
    own, read = os.getpid(), known._row

    def row(text: str, **how: bool) -> bytes | DataError:
        if os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        found: bytes | DataError = read(text, **how)
        return found

    monkeypatch.setattr(known, "_row", row)
    assert known_images(paths, "fail")[0].places == tuple(range(200))
