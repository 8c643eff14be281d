"""The call as a game: what each message would lead to, every equilibrium in a sentence, and what words can reveal."""

import math
from collections.abc import Callable, Mapping

from negotiation.calls.closed_forms import PledgeThresholds
from negotiation.calls.signalling.call_game import CallGame
from negotiation.calls.signalling.cheap_talk import BIASES, cheap_talk
from negotiation.calls.signalling.outcome_probabilities import ProbabilityRange, outcome_probabilities
from negotiation.report.document import Block, Bullets, Cell, Details, Heading, Note, Paragraph, Section, Table, literal
from negotiation.report.tables import marks, numbers, table
from negotiation.report.words import count_text, enumeration, number, percent, players, with_article
from negotiation.trade.scenario.scenario import Scenario

MOST_ROWS = 14  # components of equilibria in one table: the experiment lists them all


def call_game_section(
    scenario: Scenario,
    thresholds: PledgeThresholds,
    game: CallGame,
    fragile: tuple[str, CallGame] | None = None,
    base_rates: Mapping[str, ProbabilityRange] | None = None,
) -> Section:
    """Return the section on what can be said on the call; base_rates: from the historical record, by outcome."""
    first, second = (with_article(name) for name in scenario.players)
    sentences = thresholds.sentences(scenario.unit.split("/")[0].strip(), first, second)
    blocks: list[Block] = [
        Heading("Thresholds"),
        Bullets(tuple(map(literal, sentences))),
        Heading("As things stand"),
        *_game_blocks(scenario, game, "now"),
    ]
    if fragile is not None:
        blocks.append(Heading(f"After {literal(fragile[0])}, where trust is needed"))
        blocks += _game_blocks(scenario, fragile[1], "fragile")
    blocks += [Heading("What cheap talk can reveal"), _talk_table(), _chances_table(scenario, game, base_rates)]
    intro = (
        f"{literal(second[0].upper() + second[1:])} is strategic or a conditional co-operator whose low months are no "
        f"intent. On the call it stays silent, assures, or pledges to pay in a low month; {literal(first)} keeps to the "
        "deal, hedges or snaps back. What follows is valued in the repeated game, and every perfect Bayesian equilibrium is listed, in exact arithmetic."
    )
    return Section("call-game", "What can be said on the call", tuple(blocks), intro)


def _game_blocks(scenario: Scenario, game: CallGame, key: str) -> list[Block]:
    """Return the tables of one call game: values after each message, and its equilibria."""
    first, second = (literal(with_article(name)) for name in scenario.players)
    prior = percent(game.assumptions.prior)
    lead = f"P(strategic) is taken to be {prior} before the call ({literal(game.assumptions.prior_source)})."
    if game.empty_threats:
        threats = enumeration([f"'{literal(name)}'" for name in game.empty_threats])
        lead += f" Never a best reply, whatever is believed, so no threat at all: {threats}."
    if not game.trust_is_needed:
        lead += (
            f" The strategic type would keep the deal after every message: **the call need not tell who {second} is**."
        )
    equilibria: Block = _equilibria(scenario, game, key)
    if len(game.readings) > 2:
        equilibria = Details(f"All {count_text(len(game.readings), 'component')} of equilibria", (equilibria,))
    blocks: list[Block] = [Paragraph(lead), _values(scenario, game, key), equilibria]
    if any(not reading.valid for reading in game.readings):
        text = (
            "Where a component is marked approximate, both types send a message after which the strategic one would break "
            f"the deal: {first} would go on learning from what is seen, which these continuation values leave out."
        )
        blocks.append(Note(text, "limit"))
    return blocks


def _values(scenario: Scenario, game: CallGame, key: str) -> Table:
    first, second = players(scenario)
    sender = ("strategic, kept", "strategic, hedged", "co-operator, kept", "co-operator, hedged")
    columns = (
        "message",
        *numbers(3, *sender, group=second),
        *numbers(3, "keep if strategic", "keep if co-operator", "hedge", group=first),
        *marks("strategic type complies"),
        *numbers(3, "keep is best up to P(strategic)"),
    )
    rows = [
        (
            literal(name),
            *after.sender[:2, :2].ravel().tolist(),
            *after.receiver[:2, 0].tolist(),
            float(after.receiver[0, 1]),
            after.complies,
            None if trust < 0 else trust,
        )
        for name, after, trust in zip(game.game.messages, game.after, game.trust, strict=True)
    ]
    return table("Values after each message, per month", f"call-values-{key}", columns, rows)


def _equilibria(scenario: Scenario, game: CallGame, key: str) -> Table:
    columns = (
        "equilibria",
        "intuitive criterion",
        f"{players(scenario)[0]} keeps",
        f"value to {literal(with_article(scenario.players[0]))}",
        "continuation values",
        "what is said, done and believed",
    )
    rows = []
    for reading in game.readings[:MOST_ROWS]:
        objection = reading.intuitive.objection
        verdict = Cell(reading.intuitive.verdict, title="" if objection is None else objection.sentence())
        share, value = _span(reading.keeping, percent), _span(reading.receiver, number)
        validity = "right" if reading.valid else "approximate"
        rows.append((reading.component.kind, verdict, share, value, validity, literal(reading.sentence)))
    left = len(game.readings) - len(rows)
    more = f"{count_text(left, 'more component')} {'is' if left == 1 else 'are'} in the experiment `value_of_the_call`."
    notes = (more,) if left > 0 else ()
    return table("Perfect Bayesian equilibria", f"call-equilibria-{key}", columns, rows, *notes)


def _span(span: tuple[float, float], shown: Callable[[float], str]) -> str:
    if math.isnan(span[0]):
        return "n/a"
    return " to ".join(dict.fromkeys(shown(end) for end in span))


def _talk_table() -> Table:
    """Return what the most informative cheap talk reveals by bias (Crawford, Sobel 1982)."""
    columns = (
        *numbers(2, "bias (how much more leniency is wanted)"),
        *numbers(0, "intervals told apart"),
        *numbers(2, "share of the uncertainty removed"),
    )
    rows = [(talk.bias, float(talk.intervals), talk.revealed) for talk in map(cheap_talk, BIASES)]
    caption = "Costless words about the severity of a delay (Crawford and Sobel 1982)"
    note = "Both types want the other side to keep to the deal, so words about the type reveal nothing; from a bias of 1/4 on nothing is said."
    return table(caption, "cheap-talk", columns, rows, note)


def _chances_table(scenario: Scenario, game: CallGame, base_rates: Mapping[str, ProbabilityRange] | None) -> Table:
    columns = ("outcome", "in equilibrium of the call game", "base rate", *numbers(2, "your own"))
    rows = [
        (
            literal(chance.label),
            _chance(chance.equilibrium),
            _chance(chance.base_rate),
            Cell(chance.judgement, judgement=True),
        )
        for chance in outcome_probabilities(scenario, game, base_rates)
    ]
    note = (
        "The equilibrium that both like best, and the range over all of them; “no call” there means that nothing was said and "
        "the deal goes on. Your own are those of the scenario file."
    )
    return table("How likely is each outcome?", "outcome-chances", columns, rows, note)


def _chance(chance: ProbabilityRange | None) -> str:
    if chance is None:
        return "n/a"
    low, value, high = (number(share, 2) for share in (chance.low, chance.value, chance.high))
    return value if chance.low == chance.high else f"{value} ({low} to {high})"
