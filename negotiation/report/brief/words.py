"""Money, shares and verdicts as a reader who knows no model would say them."""

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.uncertain_world import WorldShare
from negotiation.errors import count_text
from negotiation.report.words import number, significant, title
from negotiation.trade.parameters.parameter import Parameter

VERDICT_HOLDS, VERDICT_OPEN, VERDICT_OTHER, VERDICT_FAILS = "holds", "toss-up", "another rule", "does not hold"
TOSS_UP_SHARES = (0.45, 0.55)  # shares of the uncertain world between which a verdict is called a toss-up
INDIFFERENT = 0.005  # billions of dollars a month below which nobody would notice a difference
PERCENT_UNITS = ("share", "probability", "ad valorem")


def verdict_of(outcome: Outcome, share: WorldShare | None) -> str:
    """Return what kind of verdict an outcome has: it holds, is a toss-up, holds by another rule, or does not hold."""
    # the share as it is shown decides, so that 55 of 100 is a toss-up everywhere
    if share is not None and TOSS_UP_SHARES[0] <= round(share.holds, 2) <= TOSS_UP_SHARES[1]:
        return VERDICT_OPEN
    if outcome.holds:
        return VERDICT_HOLDS
    return VERDICT_OTHER if outcome.enforcement.others else VERDICT_FAILS


def money(value: float, unit: str) -> str:
    """Return an amount without its sign: dollars in words, else the number and its unit.

    >>> money(-2.133, "USD bn/month"), money(0.0134, "USD bn/month"), money(0.001, "USD bn/month")
    ('$2.1 billion a month', '$13 million a month', 'less than $5 million a month')
    >>> money(0.5, "points")
    '0.5 points'
    """
    size = abs(value)
    if unit != "USD bn/month":
        return f"{significant(size)} {unit}"
    if size < INDIFFERENT:
        return "less than $5 million a month"
    return f"${size:.1f} billion a month" if size >= 1 else f"${1000 * size:.0f} million a month"


def short_money(value: float, unit: str) -> str:
    """Return an amount a month for a table.

    >>> short_money(-2.133, "USD bn/month"), short_money(0.001, "USD bn/month")
    ('$2.1 bn', '< $5 m')
    """
    words = money(value, unit).removesuffix(" a month")
    return words.replace(" billion", " bn").replace(" million", " m").replace("less than", "<")


def rounding(value: float, unit: str) -> float:
    """Return by how much the amount that `money` shows may differ from the value."""
    if unit != "USD bn/month":
        return 0.006 * abs(value)
    return 0.05 if abs(value) >= 1 else INDIFFERENT if abs(value) < INDIFFERENT else 0.0005


def of_hundred(share: float) -> str:
    """Return a share as so many of a hundred.

    >>> of_hundred(0.634), of_hundred(0.0004)
    ('63 of 100', 'fewer than 1 of 100')
    """
    return "fewer than 1 of 100" if 0 < share < 0.005 else f"{100 * share:.0f} of 100"


def quantity(value: float, parameter: Parameter) -> str:
    """Return the value of a parameter with its unit in words."""
    if parameter.unit in PERCENT_UNITS:
        return f"{significant(100 * value)} per cent"
    if parameter.unit == "USD bn/month":
        return money(value, parameter.unit)
    if parameter.unit == "months":
        return f"{significant(value)} months"
    plain = parameter.unit in ("", "ratio", "elasticity", "factor", "multiple")
    return significant(value) if plain else f"{significant(value)} {parameter.unit}"


def response(outcome: Outcome) -> str:
    """Return how a bad month is answered by the selected rule; empty where none is in force."""
    regime = outcome.selected
    if not outcome.holds:
        return ""
    if regime.payment:
        stage = outcome.game.pact.stage
        return f"{title(stage.players[1])} pays {short_money(regime.payment, stage.unit)}"
    if regime.length == float("inf"):
        return "the deal ends"
    if not regime.length:
        return "the scenario's own rule"
    return f"{count_text(int(regime.length), 'month')} of response"


def months_lost(outcome: Outcome) -> str:
    """Return the long-run share of months in dispute, as so many of a hundred."""
    return number(100 * outcome.punished_share, 0)
