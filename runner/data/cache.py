"""Where what was made of a person's data is kept: in the user's cache folder, never beside the data."""

import os
from pathlib import Path

VARIABLE = "RECIPE_CACHE_DIR"
"""Names another folder."""


def cache_folder() -> Path:
    """``RECIPE_CACHE_DIR``, else ``recipe`` in ``XDG_CACHE_HOME``, else ``~/.cache/recipe``.

    Its files are named by the content that they were made of and are written whole: it may be deleted at any time.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base if base and os.path.isabs(base) else "~/.cache").expanduser() / "recipe"
