"""The words of a command line as bash gives them to completion, which takes them apart at every equals sign."""

from collections.abc import MutableMapping

_KEPT = "_RECIPE_COMPLETE_AFTER"
"""Variable with the part of ``--set``'s value that bash keeps, and that an offer must not repeat."""


def rejoin(environment: MutableMapping[str, str]) -> None:
    """Make the value of ``--set`` of what follows the sign in ``--set``, ``key``, ``=``, ``value``.

    bash replaces only that part of the word; :func:`kept` has the rest. The variables are those in which bash hands
    over its words.
    """
    words = environment.get("COMP_WORDS", "").split("\n")
    place = int(environment.get("COMP_CWORD", "0"))
    if not 0 < place < len(words):
        return
    sign = place if words[place] == "=" else place - 1
    if words[sign] != "=" or sign < 2 or words[sign - 2] != "--set":
        return
    environment["COMP_WORDS"] = "\n".join([*words[: sign - 1], words[place] if place > sign else ""])
    environment["COMP_CWORD"] = str(sign - 1)
    environment[_KEPT] = f"{words[sign - 1]}="


def kept(environment: MutableMapping[str, str]) -> str:
    """The key and the sign that bash keeps; empty where it has left the word whole."""
    return environment.get(_KEPT, "")
