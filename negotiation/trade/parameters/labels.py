"""Names as readers see them: players and actions have short keys in files and titles in text; signals are bins.

A public signal is a bin of shipments between two edges, or "verified" for a delay shown to be genuine. Where the figure
for all other destinations is read too, each bin is two signals: the others normal, or low. Where it is read whether
there was a delay, each of those is two again.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise


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


VERIFIED = "verified"
OTHERS = ("others normal", "others low")
DELAYS = ("no delay", "a delay")


def bin_names(edges: tuple[float, ...], others: bool = False, delays: bool = False) -> tuple[str, ...]:
    """Return the signal names of bins between `edges`, lowest first, and "verified" last.

    >>> bin_names((0.25, 0.5))
    ('<.25', '.25-.5', '>.5', 'verified')
    >>> bin_names((0.5,), others=True)
    ('<.5, others normal', '<.5, others low', '>.5, others normal', '>.5, others low', 'verified')
    """
    texts = [f"{edge:g}".removeprefix("0") if edge < 1 else f"{edge:g}" for edge in edges]
    middle = [f"{low}-{high}" for low, high in pairwise(texts)]
    bins = (f"<{texts[0]}", *middle, f">{texts[-1]}")
    for words, read in ((OTHERS, others), (DELAYS, delays)):
        bins = tuple(f"{name}, {word}" for name in bins for word in words) if read else bins
    return (*bins, VERIFIED)


def merge_bins(names: Iterable[str]) -> tuple[str, ...]:
    """Return signals for a reader: a bin that is meant whatever the others do is named once.

    >>> merge_bins(("<.5, others normal", "<.5, others low", ".5-.8, others normal"))
    ('<.5', '.5-.8, others normal')
    >>> merge_bins(("<.5, no delay", "<.5, a delay", ".5-.8, no delay"))
    ('<.5', '.5-.8, no delay')
    """
    given = tuple(names)
    for words in (DELAYS, OTHERS):
        merged: list[str] = []
        for name in given:
            place, _, word = name.rpartition(", ")
            whole = word in words and all(f"{place}, {other}" in given for other in words)
            merged.append(place if whole else name)
        given = tuple(dict.fromkeys(merged))
    return given


def signals_text(names: Iterable[str]) -> str:
    """Return signals as one text.

    >>> signals_text(("<.5", ".5-.8"))
    '<.5 .5-.8'
    >>> signals_text(("<.5, others normal", "<.5, others low", ".5-.8, others normal"))
    '<.5; .5-.8, others normal'
    """
    given = tuple(names)
    pairs = any(name.endswith((*OTHERS, *DELAYS)) for name in given)
    return ("; " if pairs else " ").join(merge_bins(given))
