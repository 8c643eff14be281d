"""What information is worth, with its sign: a clarification, against other public signals (docs/call.md).

A source of information changes what is seen, nothing else; each regime is then chosen anew (`least_regimes`). More
never lowers the joint value under the same regime, but may cost one side, and with the old terms kept both
(Hirshleifer 1971; Abreu, Milgrom, Pearce 1991).

Other sources are a second signal beside shipments, judged numbers: world figures ("low here, normal elsewhere" speaks
of intent), and a licence register that gives an alarm when licences pile up.
"""

from dataclasses import field, replace

import numpy as np

from negotiation._values import Floats, Value
from negotiation.calls.closed_forms import primitives
from negotiation.calls.signalling.cheap_talk import cheap_talk
from negotiation.calls.value.least_regimes import LOTTERY_LABELS, LOTTERY_REGIMES, lottery_regimes
from negotiation.errors import InputError
from negotiation.games.pact import Pact
from negotiation.games.stage import Monitoring
from negotiation.solve.regimes.enforcement_cost import ReviewBlock, review_block
from negotiation.solve.regimes.search import trigger_masks
from negotiation.trade.game.build import build_game, build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import VERIFIED
from negotiation.trade.parameters.registry import DELAY_PUBLISHED, OTHERS_TRIGGER
from negotiation.trade.scenario.scenario import Scenario

VERIFICATION_PATH, DELAY_PATH = "monitoring.verification", "monitoring.delay_probability"
CLARIFIED = 0.6  # judgement: share of genuine delays that a clarification lets the US verify
BIAS = 0.05  # judgement: how much more leniency the licensing office wants (see `cheap_talk`)
TIED_VALUES = 1e-13  # difference of joint values that is rounding: the first set, which is the smaller one, is taken
MOST_IN_PAIRS = 8  # free signals of which every set may be paired with every other


class SignalQuality(Value):
    """Judged quality of the other public signals, probabilities.

    common: that the world is low in a genuine delay here; noise: that it is low in any other month; aimed: share of
    controls aimed at one country alone (0: they are global, and the world figures say nothing). alarm, false_alarm: of
    a licence register when licences are held back as in the tempting deviation, and when they are not.
    """

    common: float = 0.8
    noise: float = 0.05
    aimed: float = 1.0
    alarm: float = 0.7
    false_alarm: float = 0.1

    def _check(self) -> None:
        for name in ("common", "noise", "aimed", "alarm", "false_alarm"):
            value = getattr(self, name)
            if not 0 <= value <= 1:
                text = f"{value:g} is no probability: it must lie between 0 and 1"
                raise InputError.single("information", name, text)


class InformationValue(Value, kw_only=True):
    """What one source is worth under one regime: `gain` (2,) a month by player with terms chosen anew.

    gain_on_old_terms (2,): with the old trigger and response, None where they fail or a signal is new. holds:
    before and after; where the deal does not hold, the punishment is played.
    """

    source: str
    regime: str
    label: str
    holds: tuple[bool, bool]
    gain: tuple[float, ...]
    gain_on_old_terms: tuple[float, ...] | None = field(metadata={"key": "kept"})

    @property
    def joint(self) -> float:
        """Gain of the two together."""
        return sum(self.gain)


def information_value(scenario: Scenario, sources: SignalQuality | None = None) -> tuple[InformationValue, ...]:
    """Return the worth of every source under every regime; empty for a scenario without economics.

    Empty too where delays last: the least regimes are those of months that are drawn anew.
    """
    if scenario.kind != "economy" or scenario.delays_last:
        return ()
    quality = sources or SignalQuality()
    before = build_pact(scenario)
    after = pacts_by_source(scenario, quality)
    return tuple(_value(name, before, pact, regime) for name, pact in after.items() for regime in LOTTERY_REGIMES)


def pacts_by_source(scenario: Scenario, sources: SignalQuality) -> dict[str, Pact]:
    """Return the pact with each source of information added, by the source's name."""
    talk = cheap_talk(BIAS).revealed
    now = scenario.value(VERIFICATION_PATH)
    clear = build_pact(scenario.after([Change(VERIFICATION_PATH, "set", max(now, CLARIFIED))]))
    words = build_pact(scenario.after([Change(VERIFICATION_PATH, "set", max(now, talk))]))
    pacts = {
        f"clarification ({CLARIFIED:.0%} of delays verified)": clear,
        f"cheap talk with bias {BIAS:g} ({talk:.0%} revealed)": words,
    }
    if scenario.delay_seen:  # a second signal is a mean over delays, which China does not face then
        return pacts
    if not scenario.value(OTHERS_TRIGGER):  # else the scenario reads them already
        pacts["rest-of-world figures"] = with_signal(scenario, sources, "world")
    if scenario.value(DELAY_PUBLISHED):  # the register is there
        return pacts
    return {**pacts, "licence register": with_signal(scenario, sources, "register")}


def with_signal(scenario: Scenario, sources: SignalQuality, which: str) -> Pact:
    """Return the pact in which a second public signal is seen beside shipments: "world" or "register"."""
    game = build_game(scenario)
    pact, model = game.pact, game.figures
    if model is None:
        raise InputError.single("information", scenario.name, "has no shipments to add a signal to")
    delayed = scenario.value(DELAY_PATH)
    withheld, elsewhere = np.array(game.withheld), np.array(game.elsewhere)
    tempting = int(np.argmax(pact.stage.payoffs[1, pact.deal[0]] - (np.arange(len(withheld)) == pact.deal[1]) * 1e9))
    reach = max(withheld[tempting], 1e-9)

    def likelihood(x: Floats, e: Floats) -> Floats:
        calm, late = (replace(model, us=replace(model.us, delay_probability=q)).likelihood(x, e) for q in (0.0, 1.0))
        share = np.minimum(1.0, np.maximum(x, e) / reach)
        first, second = _chances(sources, which, share)
        parts = [
            (1 - delayed) * calm * odd[:, None] + delayed * late * even[:, None]
            for odd, even in ((1 - first, 1 - second), (first, second))
        ]
        return np.concatenate(parts, axis=1)

    words = ("world normal", "world low") if which == "world" else ("register calm", "register alarm")
    names = tuple(f"{name} & {word}" for word in words for name in pact.monitoring.signals)
    rows = likelihood(withheld, elsewhere)
    spread = np.broadcast_to(rows, (len(game.tariffs), *rows.shape))
    eligible = tuple(name for name in names if VERIFIED not in name)
    low = tuple(name for name in names if name.split(" & ")[0] in pact.trigger)
    fine = pact.fine and pact.fine.replace(likelihood=likelihood(pact.fine.levels, pact.fine.beside), model=None)
    both_signals = Monitoring(names, spread, observed=pact.monitoring.observed)
    return pact.replace(monitoring=both_signals, trigger=low, eligible=eligible, fine=fine)


def _chances(sources: SignalQuality, which: str, share: Floats) -> tuple[Floats, Floats]:
    """Return P(second signal is on | x) without and with a genuine delay, for withheld shares of the tempting one."""
    if which == "register":
        on = sources.false_alarm + (sources.alarm - sources.false_alarm) * share
        return on, on
    spill = (1 - sources.aimed) * share
    return 1 - (1 - sources.noise) * (1 - spill), 1 - (1 - sources.common) * (1 - spill)


def trigger_sets(pact: Pact, base: Pact) -> Floats:
    """Return trigger sets: those of the base pact, or where there are two signals, one base set for each second one.

    Where the base pact has many sets, pairs are made of few, and of every set that ignores the second signal: a signal
    that can be ignored cannot harm.
    """
    if pact.monitoring.n_signals == base.monitoring.n_signals:
        return trigger_masks(pact)
    few = trigger_masks(base, MOST_IN_PAIRS)
    every = np.concatenate([np.zeros((1, few.shape[1])), few])
    pairs = np.array([np.concatenate([a, b]) for a in every for b in every])[1:]
    more = trigger_masks(base)
    return pairs if len(more) == len(few) else np.concatenate([pairs, np.concatenate([more, more], axis=1)])


def _value(name: str, before: Pact, after: Pact, regime: str) -> InformationValue:
    first, second = trigger_sets(before, before), trigger_sets(after, before)
    old, old_set = _best(before, regime, first)
    new, new_set = _best(after, regime, second)
    on_old_terms = None
    if old_set is not None and after.monitoring.n_signals == before.monitoring.n_signals:
        strength = float(lottery_regimes(before, regime, first[old_set][None, :]).strength[0])
        regimes = lottery_regimes(after, regime, first[old_set][None, :], strength)
        on_old_terms = tuple((regimes.values[:, 0] - old).tolist()) if regimes.holds[0] else None
    return InformationValue(
        source=name,
        regime=regime,
        label=LOTTERY_LABELS[regime],
        holds=(old_set is not None, new_set is not None),
        gain=tuple(np.subtract(new, old).tolist()),
        gain_on_old_terms=on_old_terms,
    )


def _best(pact: Pact, regime: str, masks: Floats) -> tuple[tuple[float, ...], int | None]:
    """Return both values under the trigger set with the largest joint value, and that set; else the punishment."""
    regimes = lottery_regimes(pact, regime, masks)
    if not regimes.holds.any():
        return pact.stage.payoff(pact.punishment), None
    joint = np.where(regimes.holds, regimes.values.sum(axis=0), -np.inf)
    best = int(np.argmax(joint >= joint.max() - TIED_VALUES))
    return (float(regimes.values[0, best]), float(regimes.values[1, best])), best


def review_blocks(pact: Pact) -> tuple[ReviewBlock, ...]:
    """Return what judging several months together burns and needs (Abreu, Milgrom, Pearce 1991); none without noise."""
    numbers = primitives(pact)
    if not 0 < numbers.low_if_deal < numbers.low_if_deviation or numbers.temptation <= 0:
        return ()
    return tuple(review_block(numbers.temptation, numbers.low_if_deal, numbers.low_if_deviation, n) for n in (1, 2, 3))
