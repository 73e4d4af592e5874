"""Recipes that share by files."""

from pathlib import Path

import pytest

from runner.diagnostics import render
from runner.source import Loaded, load
from tests.source.samples import MNIST, small


def write(tmp_path: Path, **files: str) -> Path:
    """Write files and give the path of ``main``; ``a__b`` is b.yaml in the folder a."""
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "main.yaml"


def accepted(path: Path, **options: object) -> Loaded:
    """Load a recipe that has no fault."""
    loaded = load(path, **options)  # type: ignore[arg-type]
    assert loaded.ok, render(loaded.diagnostics)
    return loaded


def data(path: Path) -> dict[str, object]:
    """The merged data of a recipe without fault."""
    return accepted(path).resolved()


def test_mappings_merge_deeply_and_lists_are_replaced(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        base=MNIST,
        main="extends: base.yaml\ndata: {batch_size: 64, fallback: {expect: {test_loss: '< 1'}}}\nmodel: {layers: []}",
    )
    merged = data(main)
    assert merged["data"] == {
        "source": "tfds", "name": "mnist", "scale": "1/255", "batch_size": 64,
        "splits": {"train": "train[:55000]", "validation": "train[55000:]", "test": "test"},
        "fallback": {
            "source": "builtin", "name": "mnist-5k", "expect": {"test_accuracy": ">= 0.93", "test_loss": "< 1"},
        },
    }  # fmt: skip
    assert merged["model"] == {"kind": "sequential", "input_dropout": 0.1, "layers": []}
    assert "extends" not in merged


def test_the_later_base_wins_and_the_recipe_over_all(tmp_path: Path) -> None:
    main = write(tmp_path, a=small(seed="seed: 1"), b="seed: 2\nname: b", main="extends: [a.yaml, b.yaml]\nname: main")
    merged = data(main)
    assert (merged["seed"], merged["name"]) == (2, "main")


def test_another_kind_replaces_the_whole_mapping(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST, main="extends: base.yaml\noptimizer: {kind: adam}")
    assert data(main)["optimizer"] == {"kind": "adam"}


def test_the_same_kind_merges(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST, main="extends: base.yaml\nschedule: {kind: 1cycle, max_lr: 0.2}")
    assert data(main)["schedule"] == {"kind": "1cycle", "max_lr": 0.2, "momentum": {"high": 0.95, "low": 0.85}}


def test_another_source_replaces_the_whole_data(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST, main="extends: base.yaml\ndata: {source: builtin, name: digits}")
    assert data(main)["data"] == {"source": "builtin", "name": "digits"}


def test_null_is_a_value_of_an_optional_key(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST, main="extends: base.yaml\nschedule: null")
    recipe = accepted(main).recipe
    assert recipe is not None
    assert recipe.schedule is None


def test_paths_are_relative_to_the_file_that_says_them(tmp_path: Path) -> None:
    main = write(
        tmp_path, a__b__c="extends: ../../d.yaml\nseed: 3", d=small(seed="seed: 4"), main="extends: a/b/c.yaml"
    )
    loaded = accepted(main)
    assert loaded.resolved()["seed"] == 3
    assert loaded.document is not None
    assert str(loaded.document.origin(("name",))) == f"{tmp_path}/d.yaml:2"
    assert str(loaded.document.origin(("seed",))) == f"{tmp_path}/a/b/c.yaml:2"


def test_every_value_knows_its_origin(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST, main="extends: base.yaml\n\ntraining:\n  epochs: 5\n")
    loaded = load(main, sets=["seed=7"], environment={"RECIPE__DATA__BATCH_SIZE": "16", "HOME": "/"})
    document = loaded.document
    assert loaded.ok
    assert document is not None
    origins = {path: document.origin(path) for path in [
        ("name",), ("training", "epochs"), ("seed",), ("data", "batch_size"), ("hardware", "device"),
        ("training", "metrics", 0), ("training",),
    ]}  # fmt: skip
    assert [(origin.kind, str(origin)) for origin in origins.values()] == [
        ("base", f"{tmp_path}/base.yaml:3"),
        ("recipe", f"{main}:4"),
        ("set", "--set seed"),
        ("environment", "RECIPE__DATA__BATCH_SIZE"),
        ("default", "default"),
        ("base", f"{tmp_path}/base.yaml:36"),
        ("recipe", f"{main}:3"),
    ]


def test_a_fault_in_a_base_is_told_in_the_base(tmp_path: Path) -> None:
    main = write(tmp_path, base=MNIST.replace("epochs: 10", "epochs: ten"), main="extends: base.yaml\nname: m")
    (found,) = load(main).diagnostics
    assert found.span is not None
    assert (found.code, found.span.file, found.span.line) == ("R013", f"{tmp_path}/base.yaml", 35)
    assert found.excerpt == "  epochs: ten"


def test_faults_of_several_files_come_file_by_file(tmp_path: Path) -> None:
    main = write(tmp_path, base=small(seed="sead: 1"), main="extends: base.yaml\nnam: x\ntraining: {epochs: 0}")
    found = load(main).diagnostics
    assert [(d.code, Path(d.span.file).name, d.span.line) for d in found if d.span] == [
        ("R012", "main.yaml", 2), ("R014", "main.yaml", 3), ("R012", "base.yaml", 7),
    ]  # fmt: skip


def test_what_a_missing_base_may_hold_is_not_called_missing(tmp_path: Path) -> None:
    main = write(tmp_path, main="extends: bse.yaml\nseed: x")
    found = load(main).diagnostics
    assert [d.code for d in found] == ["R020", "R013"]
    assert found[0].message == "'bse.yaml' cannot be read: no such file or directory"


def test_a_base_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    main = write(tmp_path, base="a: [", main="extends: base.yaml")
    (found,) = load(main).diagnostics
    assert found.span is not None
    assert (found.code, Path(found.span.file).name) == ("R004", "base.yaml")


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        ("https://example.org/a.yaml", "R021", 10),
        ("/etc/base.yaml", "R021", 10),
        ("../base.yaml", "R021", 10),
        ("base.txt", "R021", 10),
        ("[good.yaml, ../x.yaml]", "R021", 22),
        ("main.yaml", "R022", 10),
        ("7", "R013", 10),
        ("[{a: b}]", "R013", 11),
        ("''", "R021", 10),
    ],
)
def test_a_base_that_is_not_allowed(tmp_path: Path, said: str, code: str, column: int) -> None:
    main = write(tmp_path, good="seed: 1", main=f"extends: {said}\n{small()}")
    (found,) = load(main).diagnostics
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, 1, column)


def test_a_circle_names_its_files(tmp_path: Path) -> None:
    main = write(tmp_path, a="extends: b.yaml", b="extends: a.yaml", main=f"extends: a.yaml\n{small()}")
    (found,) = load(main).diagnostics
    assert found.code == "R022"
    assert found.message == "'a.yaml' extends itself: main.yaml → a.yaml → b.yaml → a.yaml"


def test_one_base_by_two_ways_is_no_circle(tmp_path: Path) -> None:
    main = write(
        tmp_path, base=small(), a="extends: base.yaml", b="extends: base.yaml", main="extends: [a.yaml, b.yaml]"
    )
    assert load(main).ok


def test_a_chain_is_bounded(tmp_path: Path) -> None:
    files = {f"f{i}": f"extends: f{i + 1}.yaml" for i in range(60)}
    main = write(tmp_path, f60=small(), main="extends: f0.yaml", **files)
    assert [d.code for d in load(main).diagnostics] == ["R022"]


def test_all_files_share_the_limit_of_size(tmp_path: Path) -> None:
    files = {f"f{i}": "#" * 100_000 for i in range(3)}
    main = write(tmp_path, main="extends: [f0.yaml, f1.yaml, f2.yaml]", **files)
    assert "R002" in [d.code for d in load(main).diagnostics]


def test_links_are_followed_before_the_check(tmp_path: Path) -> None:
    write(tmp_path, outside__base=small(), inside__real=small())
    inside = tmp_path / "inside"
    (inside / "out.yaml").symlink_to(tmp_path / "outside" / "base.yaml")
    (inside / "within.yaml").symlink_to("real.yaml")
    (inside / "folder").symlink_to(tmp_path / "outside")
    for name, ok in (("within.yaml", True), ("out.yaml", False), ("folder/base.yaml", False)):
        (inside / "main.yaml").write_text(f"extends: {name}")
        assert load(inside / "main.yaml").ok is ok


def test_a_root_further_up_allows_more(tmp_path: Path) -> None:
    write(tmp_path, shared__base=small(), mine__main="extends: ../shared/base.yaml")
    main = tmp_path / "mine" / "main.yaml"
    assert [d.code for d in load(main).diagnostics] == ["R021"]
    assert load(main, root=tmp_path).ok


def test_a_recipe_by_a_link_looks_beside_the_link(tmp_path: Path) -> None:
    write(tmp_path, store__r="extends: base.yaml", here__base=small())
    (tmp_path / "here" / "r.yaml").symlink_to(tmp_path / "store" / "r.yaml")
    assert load(tmp_path / "here" / "r.yaml").ok


def test_the_names_of_files_are_those_that_the_person_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, r__base=small(seed="seed: x"), r__main="extends: ./base.yaml")
    monkeypatch.chdir(tmp_path)
    (found,) = load("r/main.yaml").diagnostics
    assert found.span is not None
    assert found.span.file == "r/base.yaml"


def test_resolved_data_needs_no_other_file(tmp_path: Path) -> None:
    from runner.source.editing.emit import to_yaml

    main = write(tmp_path, base=MNIST, main="extends: base.yaml\nseed: 9")
    loaded = accepted(main)
    alone = tmp_path / "elsewhere" / "alone.yaml"
    alone.parent.mkdir()
    alone.write_text(to_yaml(loaded.resolved()))
    assert accepted(alone).recipe == loaded.recipe


def test_a_refused_recipe_has_no_resolved_form(tmp_path: Path) -> None:
    main = write(tmp_path, main=small(seed="seed: x"))
    with pytest.raises(ValueError, match="not a valid recipe"):
        load(main).resolved()
