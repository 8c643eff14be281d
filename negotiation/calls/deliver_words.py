"""What a call must deliver, in sentences: the one line for the first screen, and why nothing is enough."""

from __future__ import annotations

from collections.abc import Sequence

from negotiation.calls.deliver import Alone, Delivery
from negotiation.calls.deliver_design import ROWS
from negotiation.calls.deliver_package import Package
from negotiation.calls.deliver_terms import LABELS, PATIENCE, VERIFICATION, Bench
from negotiation.trade.names import title
from negotiation.trade.scenario import Scenario

SHORT = {
    "audience_cost": "an audience cost of {} on the Chinese leader in a low month",
    "compensation": "compensation of {} by China after a low month",
    "side_payment": "a side payment of {} a month to China",
    "verification": "{} of genuine delays verified",
    "us_commitment": "a US audience cost of {} for an exit",
    "patience": "a monthly discount factor of {}",
}


def amount_words(key: str, amount: float, unit: str) -> str:
    """Return an amount with its unit: a percentage for verification, a factor for patience."""
    if key == VERIFICATION:
        return f"{100 * amount:.0f} %" if amount >= 0.1 else f"{100 * amount:.1f} %"
    digits = 3 if amount < 1 else 2
    return f"{amount:.{digits}f}" + ("" if key == PATIENCE else f" {unit.split('/')[0].strip()}")


def delivered_words(bench: Bench, package: Package) -> str:
    """Return what a package delivers beyond the present, in words."""
    used = package.used(bench)
    unit = bench.scenario.unit
    parts = [SHORT[key].format(amount_words(key, x, unit)) for key, x in used.items()]
    return listed(parts) if parts else "nothing"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a list in a sentence."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def named(scenario: Scenario, text: str) -> str:
    """Return a text with the scenario's own players in the place of the US and China."""
    first, second = (title(name) for name in scenario.players[:2])
    if (first, second) == ("US", "China"):
        return text
    for written, name in (("the Chinese leader", second), ("China", second), ("the US", first), ("US ", f"{first} ")):
        text = text.replace(written, name)
    return text


def sentence(found: Delivery) -> str:
    """Return the sentence for the first screen: what this call would have to deliver."""
    return named(found.scenario, _sentence(found))


def _sentence(found: Delivery) -> str:
    unit = found.scenario.unit
    cost = "" if found.together is None else f"; cheapest of all is {delivered_words(found.bench, found.together)}"
    if found.now is not None:
        if found.together is None or not found.together.used(found.bench):
            return "The call need deliver nothing new for the deal to enforce itself."
        saved = found.now.cost - found.together.cost
        return (
            "The call need deliver nothing new for the deal to enforce itself; at the stated prices "
            f"{delivered_words(found.bench, found.together)} would save the two {saved:.3f} {unit}."
        )
    alone = [
        SHORT[item.instrument.key].format(amount_words(item.instrument.key, item.amount, unit))
        for item in found.alone
        if item.amount is not None
    ]
    if alone:
        return f"For the deal to enforce itself the call must deliver {listed(alone, 'or')}{cost}."
    if found.together is not None:
        return (
            "No single instrument within its cap makes the deal enforce itself; together "
            f"{delivered_words(found.bench, found.together)} do."
        )
    return f"Nothing within the caps makes the deal enforce itself: {block_words(found.block, unit)}."


def block_words(block: Sequence[tuple[str, str, float]], unit: str) -> str:
    """Return what stands in the way, the smallest single step first."""
    if not block:
        return "no single constraint is to blame"
    threat, name, by = min(block, key=lambda item: item[2])
    if name.startswith("cap on "):
        return f"the {name.replace('_', ' ')} would have to be {by:.3g} higher (with {threat})"
    return f"{ROWS[name]}, and that fails by {by:.3g} {unit} (with {threat})"


def alone_words(item: Alone, unit: str) -> str:
    """Return why an instrument alone is not enough, or an empty text."""
    if item.package is not None:
        return ""
    rows = [entry for entry in item.at_cap if not entry[1].startswith("cap on ")]
    return block_words(rows, unit)


__all__ = ["LABELS", "alone_words", "amount_words", "block_words", "delivered_words", "listed", "named", "sentence"]
