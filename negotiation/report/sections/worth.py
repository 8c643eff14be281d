"""What the call is worth to each side and to those who watch, and what information is worth, with its sign."""

from collections.abc import Sequence

from negotiation.analysis.call_answers import breakdown_records
from negotiation.calls.value.call_value import CallValue
from negotiation.calls.value.information_value import InformationValue
from negotiation.report.document import Note, Paragraph, Section, Table, literal
from negotiation.report.figures.heat import heat_map
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import enumeration, number, percent, title, with_article
from negotiation.solve.regimes.enforcement_cost import ReviewBlock


def worth_section(value: CallValue) -> Section:
    """Return the section on the worth of a call."""
    labels = {call.name: call.label for call in value.scenario.calls}
    picture = heat_map(
        "call-worth",
        [title(party) for party in value.parties],
        [labels[name] for name, _ in value.chances],
        value.by_outcome.tolist(),
        x_title="party",
        y_title="outcome",
        value_title=f"present value over no call, {value.unit}",
        caption="What each outcome is worth to each party, against no call at all.",
        digits=2,
    )
    return Section(
        "worth",
        "What the call is worth",
        (Paragraph(worth_sentence(value)), _parties(value), picture, *_contacts(value)),
        "Present values at the common discount, war after the truce; players' values are political ones, third parties' "
        "economic. A call does not wipe out a response that is due.",
    )


def worth_sentence(value: CallValue) -> str:
    """Return below which chance of a breakdown the call pays, who wants it, and at which price (inline text)."""
    names = [literal(title(party)) for party in value.parties]
    wishes = [f"{name} {value.wants(place)}" for place, name in enumerate(names)]
    prices = [f"{name} {_price(value.price(place), value.unit)}" for place, name in enumerate(names[:2])]
    return f"{break_even_sentence(value)} {enumeration(wishes)}. {enumeration(prices)}.".lstrip()


def break_even_sentence(value: CallValue) -> str:
    """Return below which chance of a breakdown the call pays whom; empty where no other chance can be asked about."""
    if _one_kind(value):
        return ""
    places: dict[str, list[str]] = {}
    for place, party in enumerate(value.parties):
        places.setdefault(_chance_text(value, place), []).append(literal(title(party)))
    evens = [f"{enumeration(names)} {text}" for text, names in places.items()]
    used = percent(value.breakdown_chance)
    return f"The call pays, against none at all, for {enumeration(evens)}; {used} is the chance used."


def _one_kind(value: CallValue) -> bool:
    """Return whether only breakdowns, or none, have a chance, so that no other chance can be asked about."""
    return not 0 < value.breakdown_chance < 1


def _chance_text(value: CallValue, place: int) -> str:
    even = value.break_even(place)
    if even is None:
        return "whatever the chance of a breakdown" if value.ever[place] > 0 else "at no chance of a breakdown"
    chance, below = even
    return f"where a breakdown is {'less' if below else 'more'} likely than {percent(chance)}"


def _contacts(value: CallValue) -> tuple[Table, ...]:
    """Return whether a call pays by what the record of contacts says without each of them, the most telling first."""
    records = breakdown_records(value.scenario)
    if not records or _one_kind(value):
        return ()
    parties = range(len(value.parties))
    odds = (("as used here", value.breakdown_chance), *records)
    rows = [(literal(name), chance, *(_pays(value, place, chance) for place in parties)) for name, chance in odds]
    columns = ("record", *numbers(3, "P(breakdown given a call)"), *marks(*(f"pays {title(p)}" for p in value.parties)))
    note = (
        "The events of the 30 days after a contact of the leaders class it: a breakdown where a control, a tariff or a "
        "threat followed. The other odds keep their proportions."
    )
    return (table("A call under other records of contacts", "call-contacts", columns, rows, note),)


def _pays(value: CallValue, place: int, chance: float) -> bool:
    even = value.break_even(place)
    return bool(value.ever[place] > 0) if even is None else (chance < even[0]) == even[1]


def _price(price: float, unit: str) -> str:
    if price >= 0:
        return f"would refuse a call that costs it more than {number(price, 2)} {literal(unit)} at once"
    return f"would have to be paid {number(-price, 2)} {literal(unit)} to take the call"


def _parties(value: CallValue) -> Table:
    columns = (
        "party",
        *numbers(2, "call rather than none", unit=value.unit, signed=True),
        *numbers(3, "now rather than in a month", unit=value.unit, signed=True),
        "so it",
    )
    rows = [
        (literal(title(party)), float(value.ever[place]), float(value.now[place]), value.wants(place))
        for place, party in enumerate(value.parties)
    ]
    return table("Expected gains, present values", "call-worth-parties", columns, rows)


def information_section(
    gains: Sequence[InformationValue], reviews: Sequence[ReviewBlock], players: Sequence[str]
) -> Section:
    """Return the section on the value of information to these players; `reviews`: of judging several months at once."""
    names = [literal(title(name)) for name in players]
    columns = (
        *("source of information", "regime"),
        *numbers(3, *names, "joint", signed=True, group="terms chosen anew"),
        *numbers(3, "joint", signed=True, group="old terms kept"),
        *marks("holds after"),
    )
    rows = []
    for value in gains:
        same_terms = None if value.gain_on_old_terms is None else sum(value.gain_on_old_terms)
        anew = (*value.gain, value.joint)
        rows.append((literal(value.source), literal(value.label), *anew, same_terms, value.holds[1]))
    losers = sorted({value.label for value in gains if value.gain[0] < -1e-9 and value.joint > 0})
    text = "Better information raises what the two have together"
    if losers:
        text += f", but {literal(with_article(players[0]))} loses by it under {enumeration([literal(name) for name in losers])}: it lives on false alarms there"
    often = [(float(review.periods), review.burn, review.stake) for review in reviews]
    head = (*numbers(0, "months judged together"), *numbers(3, "burnt a month"), *numbers(2, "stake it needs"))
    return Section(
        "information",
        "What information is worth",
        (
            Paragraph(f"{text}."),
            table("Worth of information, per month", "information-worth", columns, rows),
            table("Seeing less often (Abreu, Milgrom and Pearce 1991)", "less-often", head, often),
            Note("The quality of world figures and of a licence register is judgement.", "limit"),
        ),
        "The same game with more to be seen, everything chosen anew.",
    )
