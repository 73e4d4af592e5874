"""``recipe fmt``: one layout, or a word that it is missing."""

from pathlib import Path

from tests.cli.program import GALLERY, recipe

UNTIDY = "a:   1  \r\nb: {c: 1,d: 2}  # kept\r\n"
TIDY = "a: 1\nb: {c: 1, d: 2}  # kept\n"


def test_files_are_laid_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(UNTIDY.encode())
    (tmp_path / "b.yaml").write_text(TIDY)
    done = recipe("fmt", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "formatted a.yaml\n")
    assert "1 unchanged" in done.stderr
    assert (tmp_path / "a.yaml").read_bytes().decode() == TIDY
    again = recipe("fmt", ".", cwd=tmp_path)
    assert (again.stdout, again.stderr) == ("", "2 recipes: nothing to do\n")


def test_check_changes_nothing_and_exits_1(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(UNTIDY.encode())
    done = recipe("fmt", "--check", ".", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "would format a.yaml\n")
    assert (tmp_path / "a.yaml").read_bytes().decode() == UNTIDY
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml"]


def test_the_gallery_is_laid_out(tmp_path: Path) -> None:
    assert recipe("fmt", "--check", GALLERY, cwd=tmp_path).returncode == 0


def test_what_is_no_yaml_exits_2_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1,2\n")
    (tmp_path / "b.yaml").write_text("a:   1\n")
    done = recipe("fmt", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "error[R004]" in done.stderr
    assert (tmp_path / "a.yaml").read_text() == "a: [1,2\n"
    assert (tmp_path / "b.yaml").read_text() == "a: 1\n"


def test_a_link_out_of_the_folder_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "out.yaml").write_text("a:   1\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.yaml").symlink_to("../out.yaml")
    done = recipe("fmt", "in/a.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "link out of its folder" in done.stderr
    assert (tmp_path / "out.yaml").read_text() == "a:   1\n"
