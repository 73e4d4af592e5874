"""Classes against the examples that train, once these are read."""

import numpy as np

from runner.data.examples import Examples, Split
from runner.plan.plan import Plan

_LISTED = 5


def unseen_classes(plan: Plan, train: Split) -> str | None:
    """What is said of classes that no training example has; None where all have some.

    Examples that are read as they train are not looked through for it. No text has a token for what is padding, or for
    tokens that are not known where all are. Where there are fewer examples than classes the
    plan has said so.
    """
    classes = plan.data.classes
    if classes is None or plan.data.next_token or not isinstance(train, Examples) or len(train) < classes:
        return None
    missing = np.flatnonzero(np.bincount(train.y.astype(np.int64).reshape(-1), minlength=classes)[:classes] == 0)
    if not len(missing):
        return None
    named = ", ".join(map(str, missing[:_LISTED].tolist())) + (", …" if len(missing) > _LISTED else "")
    which, them = ("class", "it") if len(missing) == 1 else ("classes", "them")
    return f"no training example has {which} {named}: the model will hardly ever predict {them}"
