"""Fan charts: what the selected regime looks like month by month when both sides keep to it.

Values are economic ones; without economics, the players' own payoffs.
"""

import numpy as np

from negotiation._results import Result
from negotiation._values import Floats, Ints
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.games.pact import LastingDelays
from negotiation.solve.automata.simulation import SignalSource, signals_of, simulate
from negotiation.trade.economics.two_figures import TwoFigures
from negotiation.trade.scenario.call_outcome import STAGE_NASH

FAN_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)  # edges of the bands
PATHS = 10_000  # simulated paths: a quantile's error falls with their root, time and memory grow with their number
MONTHS = 36  # length of a path


class Fan(Result):
    """Quantile bands of one series: `bands` (quantiles, months) and `mean` (months,), in `unit`."""

    name: str
    unit: str
    bands: Floats
    mean: Floats


def fan_charts(outcome: Outcome, rng: np.random.Generator, paths: int = PATHS, months: int = MONTHS) -> tuple[Fan, ...]:
    """Return the fan charts of an outcome's selected regime, `paths` paths of `months` months."""
    game, regime = outcome.game, outcome.selected
    pact, automaton = game.pact, outcome.path
    shares = game.withheld, game.elsewhere
    source = (
        signals_of(pact.monitoring) if game.figures is None else shipments_of(game.figures, *shares, delays=pact.delays)
    )
    states, signals, observations = simulate(automaton, source, paths, months, rng)
    rows, columns = automaton.actions[states, 0], automaton.actions[states, 1]
    at_deal = (rows == pact.deal[0]) & (columns == pact.deal[1])
    low = np.isin(signals, [pact.monitoring.signals.index(name) for name in regime.trigger])
    punished = low & at_deal if regime.key == "compensation" and regime.holds else ~at_deal
    names = game.parties if game.has_economics else pact.stage.players
    flows = game.real if game.has_economics else pact.stage.payoffs
    received = flows[:, rows, columns] + _money(outcome, at_deal, low, len(names))
    series = [Fan("months punished", "months", *_bands(np.cumsum(punished, axis=1).astype(np.float64)))]
    if game.has_economics:
        tariffs = np.array(game.tariffs)[rows]
        series.insert(0, Fan("tariff in force", "ad valorem", *_bands(tariffs)))
        series.insert(0, Fan("shipments", "share of normal", *_bands(observations)))
    unit = pact.stage.unit.split("/")[0].strip()
    series += [
        Fan(f"cumulative value: {name}", unit, *_bands(np.cumsum(received[i], axis=1))) for i, name in enumerate(names)
    ]
    return tuple(series)


def _money(outcome: Outcome, at_deal: np.ndarray, low: np.ndarray, parties: int) -> Floats:
    """Return what the two players receive from each other by month: side payment and compensation."""
    promise = outcome.game.pact.pledges
    deal_stands = outcome.selected.holds and outcome.selected.key != STAGE_NASH
    standing = at_deal if deal_stands else np.zeros_like(at_deal)
    side = promise.side_payment * standing
    compensation = outcome.selected.payment * (standing & low)
    money = np.zeros((parties, *at_deal.shape))
    money[0], money[1] = promise.compensation_efficiency * compensation - side, side - compensation
    return money


def _bands(series: Floats) -> tuple[Floats, Floats]:
    # months first: sorting contiguous rows is several times faster
    return np.quantile(np.ascontiguousarray(series.T), FAN_QUANTILES, axis=1), series.mean(axis=0)


def shipments_of(
    model: TwoFigures, withheld: tuple[float, ...], elsewhere: tuple[float, ...], delays: LastingDelays | None = None
) -> SignalSource:
    """Return a source that draws shipments from the model, month after month, and bins them into signals."""
    shares, others = np.array(withheld), np.array(elsewhere)
    likely = None if delays is None else delays.long_run[1]

    def source(profiles: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
        nonlocal likely
        signals, shipped, late = model.draw(shares[profiles[:, 1]], others[profiles[:, 1]], rng, likely)
        if delays is not None:
            likely = np.where(late, delays.stay, delays.entry)
        return signals, shipped

    return source
