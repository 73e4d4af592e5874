"""Shell completion. The shell waits for it, so each function imports only what it needs."""

import os

_SUFFIXES = (".yaml", ".yml")


def recipes(incomplete: str) -> list[str]:
    """Gallery names, then folders and recipe files in the folder typed so far."""
    from runner.source.gallery import paths

    return [*(name for name in paths() if name.startswith(incomplete)), *files(incomplete)]


def files(incomplete: str) -> list[str]:
    """Folders and recipe files in the folder typed so far."""
    folder, _, beginning = incomplete.rpartition("/")
    place = os.path.expanduser(f"{folder}/" if folder or incomplete.startswith("/") else ".")
    try:
        found = sorted(os.scandir(place), key=lambda entry: entry.name)
    except OSError:
        return []  # no such folder: nothing to offer
    head = incomplete[: len(incomplete) - len(beginning)]
    shown = [entry for entry in found if beginning.startswith(".") or not entry.name.startswith(".")]
    return [
        f"{head}{entry.name}{'/' * entry.is_dir()}"
        for entry in shown
        if entry.name.startswith(beginning) and (entry.is_dir() or entry.name.endswith(_SUFFIXES))
    ]


def runs(incomplete: str) -> list[str]:
    """``latest``, run names, tags, ``NAME/latest``, each run, and folders while a path is being typed."""
    from runner.record.handles import all_tags, list_runs
    from runner.record.tags import LATEST

    found = list_runs()
    names = dict.fromkeys(run.parent.name for run in found)
    offered = [LATEST] if found else []
    offered += [
        *names,
        *all_tags(found),
        *(f"{name}/{LATEST}" for name in names),
        *(f"{run.parent.name}/{run.name}" for run in found),
    ]
    folders = [path for path in files(incomplete) if path.endswith("/") and "/" in incomplete]
    return [*(word for word in offered if word.startswith(incomplete)), *folders]


def settings(incomplete: str) -> list[str]:
    """Keys with their equals sign; after the sign, the words that the key accepts."""
    from runner.cli.bash_words import kept
    from runner.cli.set_keys import keys

    before = kept(os.environ)
    path, equals, _ = (before + incomplete).partition("=")
    found = keys()
    if equals:
        written = [f"{path}={word}" for word in found.get(path, ())]
        return [word.removeprefix(before) for word in written if word.startswith(before + incomplete)]
    return [f"{key}=" for key in found if key.startswith(incomplete)]
