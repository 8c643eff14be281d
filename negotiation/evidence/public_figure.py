"""The rest-of-world figure as part of the public signal, and the way round it: slow-walking everyone.

Customs publishes exports to all other countries on the same day. A genuine delay holds up everyone, so a month that is
low for the US alone speaks of intent: the signal becomes a pair (bin of the US, others low or normal). But China can
then slow-walk everyone, which looks like a delay and costs it sales elsewhere and the others' anger. The game here has
that fourth action; triggers may use the pair.

Joint likelihood: given a delay d (uniform, the same for all), the two figures are independent, so that it is a
one-dimensional integral over d (Gauss-Legendre, 64 nodes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from negotiation._values import Floats, Value
from negotiation.errors import InputError
from negotiation.evidence.parameters import LEVEL_CENTRE
from negotiation.games.monitoring import Monitoring
from negotiation.games.pact import Pact
from negotiation.games.stage import StageGame
from negotiation.solve.regimes import BEST_SET, Regime, analyse_regimes
from negotiation.trade.build import build_game
from negotiation.trade.scenario import Scenario

EVERYONE = "slow_walk_everyone"
SLOW = "slow_walk"
OTHERS = ("others normal", "others low")
REGIME = "mutual_reversion"
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)
REST_TIMES = float(np.exp(-LEVEL_CENTRE))  # exports to the rest of the world for each tonne to the US


@dataclass(frozen=True, eq=False)
class Option(Value):
    """One way to monitor: the regime that is best under it, its trigger and what it needs and costs."""

    name: str
    regime: Regime

    @property
    def least_discount(self) -> float | None:
        """Least discount factor at which the deal enforces itself; None when none is enough."""
        return self.regime.least_discount

    @property
    def loss(self) -> float:
        """What enforcing costs the two together a month."""
        return -sum(self.regime.values)


@dataclass(frozen=True, eq=False)
class PublicFigure(Value):
    """The deal by mutual reversion with the US figure alone, with both figures while nobody goes round them, and with
    the way round. extra: what slow-walking everyone costs China a month beyond a slow-walk; gain: what a slow-walk
    brings; enough: the extra cost from which the way round no longer pays and can be ignored.
    """

    options: tuple[Option, ...]
    extra: float
    gain: float

    @property
    def enough(self) -> float:
        """The extra cost at which slow-walking everyone gains nothing."""
        return self.gain


def public_figure(scenario: Scenario, anger: float = 0.0) -> PublicFigure:
    """Return what the rest-of-world figure is worth. anger: third parties' reaction in the scenario's unit per month.

    Raises `InputError` for a scenario with payoffs of its own.
    """
    game = build_game(scenario)
    if game.shipments is None:
        raise InputError.single(scenario.name, "kind", "has no shipments that could be watched", "use kind = economy")
    pact, slow = game.pact, scenario.actions[1].index(SLOW)
    extra = scenario.value("minerals.forgone_revenue") * game.withheld[slow] * REST_TIMES + anger
    column = pact.stage.payoffs[1]
    gain = float(column[pact.deal[0], slow] - column[pact.deal])
    both = (_with_rest(scenario, pact, game.withheld, None), _with_rest(scenario, pact, game.withheld, extra))
    names = ("US figure alone", "with the others' figure, nobody goes round it", "with the way round")
    pacts = (pact.replace(fine=None), *both)
    return PublicFigure(tuple(Option(n, _best(p)) for n, p in zip(names, pacts, strict=True)), extra, gain)


def _best(pact: Pact) -> Regime:
    return next(r for r in analyse_regimes(pact) if r.key == REGIME and r.trigger_rule == BEST_SET)


def _with_rest(scenario: Scenario, pact: Pact, withheld: tuple[float, ...], extra: float | None) -> Pact:
    """Return the pact whose signal is the pair, with the fourth action when `extra` says what it costs."""
    x, everyone = list(withheld), [0.0] * len(withheld)
    payoffs, names = pact.stage.payoffs, pact.stage.actions
    if extra is not None:
        slow = names[1].index(SLOW)
        x.append(withheld[slow])
        everyone.append(withheld[slow])
        more = payoffs[:, :, [slow]] - np.array([0.0, extra])[:, None, None]
        payoffs = np.concatenate([payoffs, more], axis=2)
        names = (names[0], (*names[1], EVERYONE))
    rows = joint_likelihood(scenario, np.array(x), np.array(everyone))
    bins = [name for name in pact.monitoring.signals if name in pact.eligible]
    signals = tuple(f"{name}, {other}" for name in bins for other in OTHERS)
    likelihood = np.broadcast_to(rows, (len(names[0]), *rows.shape))
    low = tuple(name for name in signals if name.rsplit(", ", 1)[0] in pact.trigger)
    stage = StageGame(pact.stage.players, names, payoffs, pact.stage.unit)
    return pact.replace(
        stage=stage, monitoring=Monitoring(signals, likelihood, observed=(0,)), trigger=low, eligible=signals, fine=None
    )


def joint_likelihood(scenario: Scenario, us: Floats, others: Floats) -> Floats:
    """Return P(US bin, others low or not | shares withheld from the US and from the others), (len(us), 2 x bins)."""
    q, lo, hi, sd = (
        scenario.value(f"monitoring.{name}") for name in ("delay_probability", "delay_min", "delay_max", "noise")
    )
    edges, line = np.array(scenario.vector("monitoring.edges")), scenario.value("monitoring.trigger")
    delays = np.concatenate([[0.0], lo + (hi - lo) * (NODES + 1) / 2])
    weights = np.concatenate([[1 - q], q * WEIGHTS / 2])

    def below(level: Floats, withheld: Floats) -> Floats:
        """P(figure < level | withheld, d): (A, D, levels)."""
        with np.errstate(divide="ignore"):
            kept = np.log1p(-withheld)[:, None, None] + np.log1p(-delays)[None, :, None]
        found: Floats = ndtr((np.log(level) - kept + sd * sd / 2) / sd)
        return found

    steps = below(edges, us)
    zero, one = np.zeros((*steps.shape[:2], 1)), np.ones((*steps.shape[:2], 1))
    bins = np.diff(np.concatenate([zero, steps, one], axis=2), axis=2)
    low = below(np.array([line]), others)
    pairs = np.stack([bins * (1 - low), bins * low], axis=3)
    rows = np.einsum("d,adbo->abo", weights, pairs).reshape(len(us), -1)
    total: Floats = rows / rows.sum(axis=1, keepdims=True)
    return total
