"""``recipe explain WORD`` for every word of the language: a key, a kind, or a value that keys accept.

All facts come from the JSON Schema of the language.
"""

from collections.abc import Iterator
from typing import Any

from rich.text import Text

from runner.diagnostics import suggest
from runner.explain.generated_examples import of_key, shown
from runner.explain.key_help import text_of
from runner.explain.word_index import Index, Key, Kind, Schema, index, tag_of
from runner.source.editing.emit import to_yaml
from runner.views.lines import Screen, pairs, paragraph


def pages(word: str, screen: Screen) -> list[Text]:
    """The explanation of a word; empty for a word that the language does not have."""
    found = index()
    places = list(dict.fromkeys(found.places(word)))
    choices = list(found.choices.get(word.lower(), ()))
    if len(places) == 1 and not choices:
        return list(page(places[0], screen))
    if tags := found.tags(word):
        rows = [(f"{path}.{word}", " | ".join(kinds)) for path, kinds in tags.items()]
        return [
            Text(f"{word} selects the kind of a mapping, and with it the other keys", "bold"),
            *pairs(screen, rows, indent=2),
        ]
    if places or choices:
        return list(_several(word, places, choices, screen))
    return []


def near(word: str) -> str | None:
    """The word of the language that is nearest to a given word."""
    return suggest(word, index().words())


def keys_below(path: str, screen: Screen) -> Iterator[Text]:
    """The keys of a mapping, of all its kinds together."""
    inner = [key for key in index().keys.values() if key.path.rpartition(".")[0] == path]
    yield from _rows("Keys", [(key.path.rpartition(".")[2], _of_kinds(key, path)) for key in inner], screen)


def _of_kinds(key: Key, path: str) -> str:
    """The description of a key, with the kinds that have it if not all of them do."""
    every = [kind for kind in index().kinds.values() if kind.path == path]
    some = f" ({', '.join(key.kinds)})" if 0 < len(key.kinds) < len(every) else ""
    return _say(key) + some


def page(name: str, screen: Screen) -> Iterator[Text]:
    """Explain a kind or a key by its full name; both, if they share it, as ``data.text`` does."""
    found = index()
    if name in found.kinds:
        yield from _kind(found.kinds[name], screen)
    if name in found.kinds and name in found.keys:
        yield Text()
    if name in found.keys:
        yield from _key(found.keys[name], found, screen)


def overview(screen: Screen) -> Iterator[Text]:
    """All sections of a recipe with their keys, and all kinds."""
    found = index()
    sections = [key for key in found.keys.values() if "." not in key.path]
    yield Text("Keys of a recipe", "bold")
    yield from pairs(screen, [(key.path, _meaning(key.node)) for key in sections], indent=2)
    for path in dict.fromkeys(kind.path for kind in found.kinds.values()):
        names = [kind.name for kind in found.kinds.values() if kind.path == path]
        yield from (Text(), Text(f"Kinds of {path}", "bold"))
        yield from paragraph(screen, ", ".join(names), indent=2)
    yield Text()
    yield from paragraph(
        screen, "`recipe explain WORD` explains any of them, any key, and any word that a key accepts."
    )


def _kind(kind: Kind, screen: Screen) -> Iterator[Text]:
    yield Text(kind.name, "bold")
    yield from paragraph(screen, _plain(kind.schema.get("description", "")))
    yield from _rows("Keys", _keys_of(kind.schema), screen)
    yield from _example(to_yaml(shown(kind)), screen)


def _key(key: Key, found: Index, screen: Screen) -> Iterator[Text]:
    yield Text(key.path, "bold")
    yield from paragraph(screen, _say(key))
    if key.kinds:
        yield from paragraph(screen, f"Key of: {', '.join(key.kinds)}")
    kinds = [kind for kind in found.kinds.values() if kind.path == key.path]
    yield from _rows("Kinds", [(kind.name, _first(kind.schema)) for kind in kinds], screen)
    yield from keys_below(key.path, screen)
    words = [word for word, paths in found.choices.items() if key.path in paths]
    yield from _rows("Words", [(", ".join(words), "")] if len(words) > 4 else [], screen)
    yield from _example(to_yaml(of_key(key)), screen)


def _several(word: str, places: list[str], choices: list[str], screen: Screen) -> Iterator[Text]:
    found = index()
    if places:
        yield Text(f"{screen.text(word)} occurs in {len(places)} place{'s' * (len(places) > 1)}", "bold")
        yield from pairs(screen, [(name, _line(found, name)) for name in places], indent=2)
        yield from paragraph(screen, f"For details: `recipe explain {places[0]}`.")
    if choices:
        yield from [Text()] * bool(places)
        yield Text(f"{screen.text(word)} is a value that these keys accept", "bold")
        yield from pairs(screen, [(path, _say(found.keys[path])) for path in choices], indent=2)
        yield from _example(to_yaml(_with_word(found.keys[choices[0]], word.lower())), screen)


def _with_word(key: Key, word: str) -> dict[str, Any]:
    written = of_key(key)
    holder: Any = written
    for level in key.levels:
        holder = holder[level.key]
        holder = holder[0] if level.in_list else next(iter(holder.values())) if level.in_table else holder
    name = key.path.rpartition(".")[2]
    holder[name] = [word] if isinstance(holder[name], list) else word
    return written


def _line(found: Index, name: str) -> str:
    return _first(found.kinds[name].schema) if name in found.kinds else _say(found.keys[name])


def _say(key: Key) -> str:
    return text_of(key.node, key.node.get("description", ""), required=key.required)


def _keys_of(schema: Schema) -> list[tuple[str, str]]:
    tag = tag_of(schema)
    return [
        (name, text_of(node, node.get("description", ""), required=name in schema.get("required", ())))
        for name, node in schema["properties"].items()
        if name != tag
    ]


def _rows(title: str, rows: list[tuple[str, str]], screen: Screen) -> Iterator[Text]:
    if rows:
        yield from (Text(), Text(title, "bold"))
        yield from (
            pairs(screen, rows, indent=2) if any(text for _, text in rows) else paragraph(screen, rows[0][0], indent=2)
        )


def _example(text: str, screen: Screen) -> Iterator[Text]:
    yield from (Text(), Text("Example", "bold"))
    yield from (Text(f"  {screen.text(line)}") for line in text.splitlines())


def _meaning(node: Schema) -> str:
    return _plain(node.get("description", ""))


def _first(schema: Schema) -> str:
    return _plain(schema.get("description", "").split("\n\n")[0])


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "").split())
