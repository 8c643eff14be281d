"""What a call must deliver, in sentences: the one line for the first screen, and why nothing is enough."""

from collections.abc import Sequence

from negotiation.calls.agreement.automaton import package_share
from negotiation.calls.agreement.instruments import COMMITMENT, PATIENCE, VERIFICATION, AgreementProblem
from negotiation.calls.agreement.linear_programme import ROWS
from negotiation.calls.agreement.packages import Package
from negotiation.calls.agreement.requirements import Requirements, SingleInstrument
from negotiation.calls.notices import share_words
from negotiation.trade.parameters.labels import enumeration, with_article
from negotiation.trade.scenario.scenario import Scenario

AMOUNT_WORDS = {
    "audience_cost": "an audience cost of {amount} on the leader of {second} in a low month",
    "compensation": "compensation of {amount} by {second} after a low month",
    "side_payment": "a side payment of {amount} a month to {second}",
    "verification": "{amount} of genuine delays verified",
    "us_commitment": "an audience cost of {amount} on {first} for an exit",
    "patience": "a monthly discount factor of {amount}",
}
NOTHING_NEW = "The call need deliver nothing new for the deal to enforce itself"


def amount_words(key: str, amount: float, unit: str) -> str:
    """Return an amount with its unit: a percentage for verification, a factor for patience."""
    if key == VERIFICATION:
        return f"{100 * amount:.0f} %" if amount >= 0.1 else f"{100 * amount:.1f} %"
    digits = 3 if amount < 1 else 2
    return f"{amount:.{digits}f}" + ("" if key == PATIENCE else f" {unit.split('/')[0].strip()}")


def with_players(scenario: Scenario, template: str, amount: str = "") -> str:
    """Return a template of `ROWS` or `SHORT` with the scenario's players in it."""
    first, second = (with_article(name) for name in scenario.players)
    return template.format(first=first, second=second, amount=amount)


def instrument_name(scenario: Scenario, key: str) -> str:
    """Return an instrument's short name in words; its key names the US, whoever plays first."""
    return with_players(scenario, "commitment of {first}") if key == COMMITMENT else key.replace("_", " ")


def instrument_words(scenario: Scenario, key: str, amount: float) -> str:
    """Return an instrument with its amount, as something that a call delivers."""
    return with_players(scenario, AMOUNT_WORDS[key], amount_words(key, amount, scenario.unit))


def delivered_words(problem: AgreementProblem, package: Package) -> str:
    """Return what a package delivers beyond the present, in words."""
    parts = [instrument_words(problem.scenario, key, x) for key, x in package.used(problem).items()]
    return enumeration(parts) if parts else "nothing"


def binding_words(scenario: Scenario, names: Sequence[str]) -> str:
    """Return the rows and caps that bind in words."""
    return "; ".join(_row_words(scenario, name) for name in names)


def _row_words(scenario: Scenario, name: str) -> str:
    if name.startswith("cap on "):
        return f"cap on {instrument_name(scenario, name.removeprefix('cap on '))}"
    return with_players(scenario, ROWS[name])


def requirements_sentence(needed: Requirements) -> str:
    """Return the sentences for the first screen: which rule holds as things stand, and what would have to be delivered.

    "Must" stands only where no rule of all, and no response by lottery, holds as things stand.
    """
    asked, others = needed.enforcement.asked, needed.enforcement.others
    if asked is not None and asked.holds:
        return f"{NOTHING_NEW}: {asked.name} holds now{_saving(needed)}."
    if others:
        names = enumeration([rule.name for rule in others])
        verb = "holds" if len(others) == 1 else "hold"
        return f"{NOTHING_NEW}: {names} {verb} now{_saving(needed)}.{_for_asked(needed)}"
    if needed.now is not None:
        lottery = f"{needed.now.threat.label} after a low month holds it now, though no named rule does"
        return f"{NOTHING_NEW}: {lottery}{_saving(needed)}.{_for_asked(needed)}"
    return _must(needed)


def _must(needed: Requirements) -> str:
    none = "No rule holds as things stand"
    alone = _alone_amounts(needed)
    package = "" if needed.together is None else delivered_words(needed.problem, needed.together)
    if alone:
        cheapest = "" if not package else f"; with a response by lottery, the cheapest package is {package}"
        return (
            f"{none}. For the deal to enforce itself the call must deliver something new; alone, "
            f"{enumeration(alone, 'or')} is enough{cheapest}."
        )
    if package:
        return (
            f"{none}, and no single instrument within its cap makes the deal enforce itself; with a response by "
            f"lottery, {package} do so together."
        )
    block = block_words(needed.scenario, needed.block)
    return f"{none}, and nothing within the caps makes one hold or lets a response by lottery do so: {block}."


def _alone_amounts(needed: Requirements) -> list[str]:
    """Return each instrument that is enough alone: the least amount over a response by lottery and the named rules."""
    parts = []
    for single in needed.alone:
        key = single.instrument.key
        options = [] if single.amount is None else [(single.amount, "")]
        for need in needed.needs:
            amount = need.amounts.get(key)
            options += [] if amount is None else [(amount, f" (for {need.label})")]
        if options:
            least, rule = min(options, key=lambda option: (round(option[0], 9), option[1]))
            parts.append(instrument_words(needed.scenario, key, least) + rule)
    return parts


def _for_asked(needed: Requirements) -> str:
    """Return what the selected rule itself would need, where it does not hold and another does."""
    asked = needed.enforcement.asked
    if asked is None:
        return ""
    amounts = next((dict(need.amounts) for need in needed.needs if need.regime == asked.key), {})
    parts = [instrument_words(needed.scenario, key, x) for key, x in amounts.items() if x is not None]
    what = "the discount factor would have to be another"
    if parts:
        what = f"the call would have to deliver {enumeration(parts, 'or')}"
    elif amounts:
        what = "no single instrument within its cap is enough"
    elif asked.least is not None:
        what = f"δ would have to be {asked.least:.3f}"
    return f" For {asked.name}, the rule selected after {needed.call}, to hold, {what}."


def _saving(needed: Requirements) -> str:
    """Return what the cheapest package spares the two, and out of what, where it is cheaper than as things stand."""
    if needed.now is None or needed.together is None or not needed.together.used(needed.problem):
        return ""
    saved = needed.now.cost - needed.together.cost
    delivered = delivered_words(needed.problem, needed.together)
    return (
        f"; at the stated prices {delivered} would save the two {saved:.3f} of the "
        f"{needed.now.cost:.3f} {needed.scenario.unit} that the cheapest response by lottery burns now"
    )


def every_share_words(needed: Requirements) -> str:
    """Return whether the cheapest package stands against every share, as a sentence; empty without either."""
    share = None if needed.together is None else package_share(needed.problem, needed.together)
    if share is None:
        return ""
    if not share.pays:
        return "This package holds against every share that could be withheld."
    words = share_words(share, needed.scenario.unit)
    return f"This package deters the listed actions, not every share: {words}."


def block_words(scenario: Scenario, block: Sequence[tuple[str, str, float]]) -> str:
    """Return what stands in the way, the smallest single step first."""
    if not block:
        return "no single constraint is to blame"
    threat, name, by = min(block, key=lambda entry: entry[2])
    if name.startswith("cap on "):
        return f"the {_row_words(scenario, name)} would have to be {by:.3g} higher (with {threat})"
    return f"{_row_words(scenario, name)}, and that fails by {by:.3g} {scenario.unit} (with {threat})"


def alone_words(single: SingleInstrument, scenario: Scenario) -> str:
    """Return why an instrument alone is not enough, or an empty text."""
    if single.package is not None:
        return ""
    return block_words(scenario, [entry for entry in single.at_cap if not entry[1].startswith("cap on ")])
