"""What the brief says of an analysis, as statements: the finding, what would reverse it, what to ask for."""

import re
from collections.abc import Iterator

import numpy as np

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.outcomes.break_even import BreakEven
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.uncertain_world import Split, WorldShare
from negotiation.report.brief.statements import Claim, Place, Statement
from negotiation.report.brief.words import (
    INDIFFERENT,
    VERDICT_FAILS,
    VERDICT_HOLDS,
    VERDICT_OPEN,
    VERDICT_OTHER,
    money,
    of_hundred,
    quantity,
    rounding,
    verdict_of,
)
from negotiation.report.document import literal
from negotiation.report.words import call_label, count_text, enumeration, title
from negotiation.trade.parameters.parameter import Parameter
from negotiation.trade.parameters.registry import lookup

MOST_REVERSALS = 4  # shown: more are in the full report
HALF_OF_ONE = 0.005  # half of one in a hundred


def world_share(analysis: Analysis, outcome: Outcome) -> WorldShare | None:
    """Return the share of the uncertain world of one outcome."""
    return None if analysis.world is None else analysis.world.share_of(outcome.call.name)


def costs(outcome: Outcome) -> tuple[float, ...]:
    """Return what a month is worth to each economy, or to each player where payoffs are given directly."""
    return tuple(map(float, outcome.economic)) if outcome.game.has_economics else tuple(outcome.values)


def parties(analysis: Analysis) -> tuple[str, ...]:
    """Return the titles of those whose values `costs` gives."""
    names = analysis.base.parties if analysis.base.has_economics else analysis.scenario.players
    return tuple(literal(title(name)) for name in names)


def _cost_place(analysis: Analysis, place: int, party: int) -> Place:
    return ("outcomes", place, "economic" if analysis.base.has_economics else "values", party)


def finding(analysis: Analysis) -> Statement:
    """Return the finding about the first outcome: what holds on our numbers, and in how much of the uncertain world."""
    first = analysis.comparison.outcomes[0]
    share, name = world_share(analysis, first), call_label(first)
    claims = [Claim(("outcomes", 0, "holds"), "is", first.holds)]
    if share is not None:
        claims.append(Claim(("uncertain_world", "shares", 0, "holds"), "is", share.holds, within=HALF_OF_ONE))
    verb = "holds" if first.holds else "does not hold"
    if share is None:
        text = f"After {name}, the deal {verb}"
    elif verdict_of(first, share) == VERDICT_OPEN:
        text = f"A toss-up: after {name}, the deal {verb} on our numbers, and in {of_hundred(share.holds)} combinations"
    else:
        often = of_hundred(share.holds)
        text = f"After {name}, the deal {verb}, and it holds in {often} combinations of the uncertain numbers"
    return Statement(text, tuple(claims))


def verdicts(analysis: Analysis) -> Statement:
    """Return after which outcomes the deal holds, and after which another rule would hold it."""
    rows = analysis.comparison.outcomes
    kinds: dict[str, list[str]] = {VERDICT_HOLDS: [], VERDICT_OTHER: [], VERDICT_FAILS: []}
    for row in rows:
        kinds[VERDICT_HOLDS if row.holds else VERDICT_OTHER if row.enforcement.others else VERDICT_FAILS].append(
            call_label(row)
        )
    ends = {
        VERDICT_HOLDS: "the deal enforces itself on our numbers",
        VERDICT_OTHER: "it fails under the response assumed then; another response would hold it",
        VERDICT_FAILS: "no response that we tried makes it hold",
    }
    parts = [f"After {enumeration(names)} {ends[kind]}." for kind, names in kinds.items() if names]
    claims = tuple(Claim(("outcomes", place, "holds"), "is", row.holds) for place, row in enumerate(rows))
    return Statement(" ".join(parts), claims)


def price(analysis: Analysis) -> Statement:
    """Return what holding the deal costs the two sides, and what they lose without it."""
    rows, unit = analysis.comparison.outcomes, analysis.scenario.unit
    holding = [(place, row) for place, row in enumerate(rows) if row.holds]
    lost = -float(sum(rows[0].game.pact.stage.payoff(rows[0].game.pact.punishment)))
    without = f"with the deal gone the two sides {'lose' if lost >= 0 else 'gain'} {money(lost, unit)} together"
    if not holding:
        return Statement(f"{without[0].upper()}{without[1:]}, by their own reckoning.")
    least, most = min(holding, key=lambda each: each[1].loss), max(holding, key=lambda each: each[1].loss)
    shown = dict((least, most))
    claims = tuple(
        Claim(("outcomes", place, "joint"), "is", row.joint, within=rounding(row.joint, unit))
        for place, row in shown.items()
    )
    if most[1].loss < INDIFFERENT and least[1].loss > -INDIFFERENT:
        cost = "Where it holds, holding it costs the two sides next to nothing"
    elif least is most or money(least[1].loss, unit) == money(most[1].loss, unit):
        cost = f"Where it holds, it costs the two sides {money(most[1].loss, unit)} together"
    else:
        ends = (f"{_cost_or_gain(row.loss, unit)} after {call_label(row)}" for _, row in (least, most))
        cost = f"Where it holds, it {enumeration(list(ends))}"
    why = ", because slow months are answered although nothing was withheld" if most[1].punished_share > 0 else ""
    return Statement(f"By their own reckoning {cost[0].lower()}{cost[1:]}{why}; {without}.", claims)


def _cost_or_gain(loss: float, unit: str) -> str:
    return f"{'costs' if loss >= 0 else 'brings'} the two {money(loss, unit)}"


def structures(analysis: Analysis) -> Statement | None:
    """Return under how many other versions of the model the first outcome's deal holds."""
    others = analysis.variants[1:]
    if not others:
        return None
    holding = sum(variant.verdicts[0].holds for variant in others)
    claims = tuple(
        Claim(("structural_variants", place, "verdicts", 0, "holds"), "is", variant.verdicts[0].holds)
        for place, variant in enumerate(analysis.variants)
    )
    name = call_label(analysis.comparison.outcomes[0])
    text = f"In {holding} of {len(others)} other versions of the model the deal holds after {name}."
    return Statement(text, claims)


def best_outcome(analysis: Analysis) -> Statement | None:
    """Return which outcome after which the deal holds costs the two sides least; None where it holds after none."""
    rows, unit = analysis.comparison.outcomes, analysis.scenario.unit
    holding = [(place, row) for place, row in enumerate(rows) if row.holds]
    if not holding:
        return None
    place, best = max(holding, key=lambda each: each[1].joint)
    claims = [Claim(("outcomes", place, "holds"), "is", True)]
    claims += [Claim(("outcomes", other, "joint"), "at most", best.joint, within=1e-12) for other, _ in holding]
    gain = best.joint - rows[0].joint
    claims.append(Claim(("outcomes", 0, "joint"), "is", rows[0].joint, within=1e-12))
    if gain < INDIFFERENT:
        text = f"No outcome after which the deal holds is better for the two sides together than {call_label(rows[0])}."
        return Statement(text, tuple(claims))
    worse = [
        name for party, name in enumerate(parties(analysis)) if costs(best)[party] < costs(rows[0])[party] - INDIFFERENT
    ]
    whose = "in its economy " if analysis.base.has_economics else ""
    losers = f" Worse off {whose}than after {call_label(rows[0])}: {enumeration(worse)}." if worse else ""
    text = (
        f"Ask for {call_label(best)}: of the outcomes after which it holds it is best for the two by their own "
        f"reckoning, {money(gain, unit)} better than {call_label(rows[0])}.{losers}"
    )
    return Statement(text, tuple(claims))


def worth(analysis: Analysis) -> Statement | None:
    """Return below which chance of a breakdown a call pays whom; None where that is no chance of several."""
    value = None if analysis.call is None else analysis.call.worth
    if value is None or not 0 < value.breakdown_chance < 1:
        return None
    claims = [Claim(("call", "worth", "breakdown_chance"), "is", value.breakdown_chance, within=HALF_OF_ONE)]
    limits, ever = [], []
    for place, party in enumerate(value.parties):
        name, even = literal(title(party)), value.break_even(place)
        if even is not None and even[1]:
            limits.append(f"{100 * even[0]:.0f} for {name}")
            claims.append(Claim(("call", "worth", "parties", place, "break_even"), "is", even[0], within=HALF_OF_ONE))
            claims.append(Claim(("call", "worth", "parties", place, "pays_below_it"), "is", True))
        elif even is None and value.ever[place] > 0:
            ever.append(name)
    parts = [f"a call pays while fewer than so many of 100 calls break down: {enumeration(limits)}"] if limits else []
    parts += [f"a call pays {enumeration(ever)} whatever the chance of a breakdown"] if ever else []
    if not parts:
        return Statement("No chance of a breakdown is small enough for a call to pay anybody.", tuple(claims))
    text = "; ".join(parts)
    return Statement(f"{text[0].upper()}{text[1:]}. We put it at {100 * value.breakdown_chance:.0f}.", tuple(claims))


def meaning_of(parameter: Parameter, path: str, capital: bool = False) -> str:
    """Return what a number means in few words (inline text): the file's own or those of the list of parameters."""
    entry = lookup(path)
    texts = [parameter.meaning, *([] if entry is None else [entry.meaning])]
    text = min((re.split("[;:(]", each)[0].strip().rstrip(".") for each in texts), key=len)
    return literal(text[:1].upper() + text[1:] if capital else text)


def reversals(analysis: Analysis) -> tuple[Statement, ...]:
    """Return which numbers would reverse the first outcome's verdict within their plausible range, nearest first."""
    first = analysis.comparison.outcomes[0].call.name
    near = [(place, even) for place, even in enumerate(analysis.break_evens) if _reverses(even, first)]
    near.sort(key=lambda each: each[1].distance)
    return tuple(_reversal(analysis, place, even) for place, even in near[:MOST_REVERSALS])


def _reverses(even: BreakEven, outcome: str) -> bool:
    return even.outcome == outcome and even.nearest is not None and even.plausible


def _reversal(analysis: Analysis, place: int, even: BreakEven) -> Statement:
    parameter, nearest = analysis.scenario.parameter(even.path), even.nearest or 0.0
    way = "above" if nearest > even.value else "below"
    now, then = quantity(even.value, parameter), quantity(nearest, parameter)
    text = f"**{meaning_of(parameter, even.path, capital=True)}**: {now} now, reverses {way} {then}."
    claims = (
        Claim(("break_evens", place, "nearest"), "is", nearest, within=1e-3 * abs(nearest)),
        Claim(("break_evens", place, "plausible"), "is", True),
    )
    return Statement(text, claims)


def settling(analysis: Analysis) -> Statement | None:
    """Return which one number would settle most of the first outcome's doubt; None where none separates anything."""
    share = world_share(analysis, analysis.comparison.outcomes[0])
    split = None if share is None else share.number
    if split is None or not np.isfinite(split.shares).all():
        return None
    below, above = map(float, split.shares)
    meaning = meaning_of(analysis.scenario.parameter(split.paths[0]), split.paths[0])
    text = (
        f"What would settle most: {meaning}. In the lower half of its range the deal holds in {of_hundred(below)} "
        f"combinations, in the upper half in {of_hundred(above)}."
    )
    return Statement(text, tuple(_split_claims(split)))


def _split_claims(split: Split) -> Iterator[Claim]:
    for half, share in enumerate(np.asarray(split.shares).tolist()):
        yield Claim(("uncertain_world", "shares", 0, "number", "shares", half), "is", share, within=HALF_OF_ONE)


def confidence(analysis: Analysis) -> Statement | None:
    """Return what the combinations are, and that their share is no probability."""
    world = analysis.world
    if world is None:
        return None
    text = (
        f"{count_text(len(world.paths), 'number')} are judgement, each with a range. {world.points:,} combinations "
        "count alike; the share in which the deal holds is no probability."
    )
    return Statement(text, (Claim(("uncertain_world", "points"), "is", float(world.points)),))
