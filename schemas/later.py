"""Keys that came later: left out of what is written and hashed at their defaults, so that old fingerprints stay."""


def is_none(value: object) -> bool:
    """Whether to leave out a key whose default is null."""
    return value is None


def is_one(value: object) -> bool:
    """Whether to leave out a key whose default is one."""
    return value == 1


def is_zero(value: object) -> bool:
    """Whether to leave out a key whose default is zero or false."""
    return value == 0


def is_empty(value: object) -> bool:
    """Whether to leave out a key whose default is an empty list or mapping."""
    return not value


def is_words(value: object) -> bool:
    """Whether to leave out a key whose default is ``words``."""
    return value == "words"
