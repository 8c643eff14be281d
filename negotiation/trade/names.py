"""Names as readers see them: players and actions have short keys in files and titles in text."""

from __future__ import annotations


def title(name: str) -> str:
    """Return a player's or party's title: short keys are abbreviations, longer ones are capitalised.

    >>> title("us"), title("china"), title("south_korea")
    ('US', 'China', 'South Korea')
    """
    return name.upper() if len(name) <= 3 else name.replace("_", " ").title()


def label(name: str) -> str:
    """Return an action's or signal's label.

    >>> label("slow_walk")
    'slow-walk'
    """
    return name.replace("_", "-")


def profile_label(names: tuple[str, ...]) -> str:
    """Return a profile's label.

    >>> profile_label(("partial", "slow_walk"))
    'partial/slow-walk'
    """
    return "/".join(label(name) for name in names)
