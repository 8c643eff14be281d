"""Numbers and names as they are written in a report's sentences."""

import math

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import count_text
from negotiation.report.document import literal
from negotiation.trade.game.any_share import BEST_SHARE
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import enumeration, label, profile_label, title, with_article
from negotiation.trade.scenario.scenario import Scenario


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with a true minus sign; "none" for no value and "∞" for infinity."""
    if value is None:
        return "none"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def significant(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits; of a large one all that stand before the point.

    >>> significant(0.67249), significant(1000000003)
    ('0.672', '1000000003')
    """
    text = f"{value:.{digits}g}"
    return (number(value if "e+" in text else float(text), 0) if "e" in text else text).replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a percentage; nothing and all are said of exactly nothing and all.

    >>> percent(0.372), percent(1), percent(0.997), percent(0.0004)
    ('37 %', '100 %', '99.7 %', '0.04 %')
    """
    text = f"{100 * share:.{digits}f}"
    if share not in (0, 1) and float(text) in (0, 100) and digits < 9:
        return percent(share, digits + 1)
    return f"{text} %".replace("-", "−") if math.isfinite(share) else "n/a"


def deal_name(scenario: Scenario) -> str:
    """Return the deal profile's name, safe to put into inline text."""
    return literal(profile_label(scenario.deal))


def punishment_name(game: TradeGame) -> str:
    """Return the punishment profile's name, safe to put into inline text; of a best share how large it is."""
    pact = game.pact
    names = pact.stage.name(pact.punishment)
    share = f" ({percent(game.withheld[pact.punishment[1]], 1)})" if names[1] == BEST_SHARE else ""
    return literal(profile_label(names) + share)


def call_label(outcome: Outcome) -> str:
    """Return a call outcome's label, safe to put into inline text."""
    return literal(outcome.call.label)


def players(scenario: Scenario) -> tuple[str, str]:
    """Return the titles of the two players, safe to put into inline text."""
    first, second = (literal(title(name)) for name in scenario.players[:2])
    return first, second


__all__ = [
    "call_label",
    "count_text",
    "deal_name",
    "enumeration",
    "label",
    "number",
    "percent",
    "players",
    "profile_label",
    "punishment_name",
    "significant",
    "title",
    "with_article",
]
