"""The trigger clause of a regime as text that a negotiator could paste: variable, threshold, window, response, end."""

import math

from negotiation.calls.outcomes.outcome import Outcome
from negotiation.errors import count_text
from negotiation.solve.regimes.analysis import Regime
from negotiation.trade.economics.two_figures import TwoFigures
from negotiation.trade.game.build import TradeGame
from negotiation.trade.parameters.labels import DELAYS, OTHERS, label, title, with_article
from negotiation.trade.scenario.call_outcome import STAGE_NASH


def trigger_clause(outcome: Outcome, regime: Regime) -> str:
    """Return the clause of one regime after one call outcome."""
    pact = outcome.game.pact
    row, column = pact.stage.players
    if regime.key == STAGE_NASH:
        return "No clause: each side acts month by month as if there were no deal."
    if regime.trigger_rule == "own":
        return "The states and transitions of the scenario file are the clause."
    variable = "mineral shipments published for a calendar month" if outcome.game.has_economics else "the public signal"
    window = f"If {variable} {trigger_words(outcome.game, regime.trigger)}"
    outside = profile_words(outcome.game, pact.punishment)
    exit_clause = f"Any other departure by {with_article(row)} ends the deal: {outside} from then on."
    if regime.key == "compensation":
        amount = f"{regime.payment:.2f} {pact.stage.unit.split('/')[0].strip()}"
        return (
            f"{window}, {with_article(column)} pays {with_article(row)} {amount} at the end of that month; "
            f"if it does not, the deal ends and {outside} follows. {exit_clause}"
        )
    steps = regime.automaton.actions[1]
    response = profile_words(outcome.game, (int(steps[0]), int(steps[1])))
    length = "for good" if math.isinf(regime.length) else f"for {count_text(int(regime.length), 'month')}"
    if regime.length == 1:
        length = "for one month"
    again = " A further such month during the response starts it anew." if regime.key.endswith("snapback") else ""
    start = f"{window}, the response from the next month is {response}, {length}; then the deal resumes."
    return f"{start}{again} {exit_clause}"


def trigger_words(game: TradeGame, trigger: tuple[str, ...], short: bool = False) -> str:
    """Return a trigger set in words, e.g. "fall below 80 % of normal"; `short` says little of the others' figure."""
    if not trigger:
        return "never fires"
    if game.figures is None:
        return "is " + " or ".join(f"'{name}'" for name in trigger)
    edges = (0.0, *game.figures.us.edges, math.inf)
    words = _further_words(game.figures, short)
    hit = [index for index, name in enumerate(game.pact.monitoring.signals) if name in trigger]
    bins: dict[str, set[int]] = {"": {index // len(words) for index in hit}}
    if len(words) > 1:
        by_word = [{index // len(words) for index in hit if index % len(words) == place} for place in range(len(words))]
        every = set.intersection(*by_word)
        bins = {"": every, **{word: part - every for word, part in zip(words, by_word, strict=True)}}
    spans = [text + word for word, part in bins.items() for text in _spans(edges, part)]
    if short and len(words) > 1:
        spans = [text.removeprefix("fall ").replace(" of normal", "") for text in spans]
    return " or ".join(spans)


def _further_words(figures: TwoFigures, short: bool) -> list[str]:
    """Return what else is read in a month, in words, for each signal of one bin."""
    words = [""]
    if figures.both:
        line = f"{100 * float(figures.others_trigger):.0f} % of normal"
        stay, fall = (
            f" while those to all others stay at {line} or above",
            f" while those to all others fall below {line} too",
        )
        words = [f", {name}" for name in OTHERS] if short else [stay, fall]
    if figures.reads_delays:
        delays = [f", {name}" for name in DELAYS] if short else [" with no delay published", " with a delay published"]
        words = [word + delay for word in words for delay in delays]
    return words


def _spans(edges: tuple[float, ...], bins: set[int]) -> list[str]:
    """Return the bins in words, neighbours as one."""
    spans: list[list[float]] = []
    for index in sorted(bins):
        if spans and spans[-1][1] == edges[index]:
            spans[-1][1] = edges[index + 1]
        else:
            spans.append([edges[index], edges[index + 1]])
    return [_span(low, high) for low, high in spans]


def profile_words(game: TradeGame, profile: tuple[int, ...]) -> str:
    """Return a profile in words, e.g. "a US tariff of 57 % (partial) with China at slow-walk"."""
    first, second = (label(name) for name in game.pact.stage.name(profile))
    row, column = (title(name) for name in game.pact.stage.players)
    if not game.has_economics:
        return f"({row}: {first}, {column}: {second})"
    rate, share, others = game.tariffs[profile[0]], game.withheld[profile[1]], game.elsewhere[profile[1]]
    withheld = f"{share:.0%} withheld" + (f", {others:.0%} from all others" if others else "")
    return f"a {row} tariff of {rate:.0%} ({first}) and {column} at '{second}' ({withheld})".replace("%", " %")


def _span(low: float, high: float) -> str:
    if low == 0:
        return f"fall below {100 * high:.0f} % of normal"
    if math.isinf(high):
        return f"exceed {100 * low:.0f} % of normal"
    return f"fall between {100 * low:.0f} % and {100 * high:.0f} % of normal"
