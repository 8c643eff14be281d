"""Names as readers see them: players and actions have short keys in files and titles in text."""

from __future__ import annotations

from collections.abc import Sequence


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


def with_article(name: str) -> str:
    """Return a title with its article: abbreviations of countries take one.

    >>> with_article("us"), with_article("china")
    ('the US', 'China')
    """
    return f"the {title(name)}" if len(name) <= 3 else title(name)


def enumeration(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    >>> enumeration(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
