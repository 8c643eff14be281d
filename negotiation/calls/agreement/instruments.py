"""The agreement problem: instruments that a call can deliver, their caps and prices, and what they must satisfy.

Symbols: a audience cost of player 1 in a low month; b compensation it pays then (worth eta b to player 0); z side
payment to it; v verification; a_U player 0's cost of an exit; delta patience. p, q_j: chances of a low month in the
deal and under deviation j with gain g_j; L_0, L_1 losses from the punishment; g_U the gain of an exit; f, h what the
smallest response brings player 0 and costs player 1. Everything is in the game's unit per month.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from negotiation._values import FrozenMap, Value
from negotiation.calls.closed_forms import stakes_needed
from negotiation.errors import InputError, nearest
from negotiation.games.pact import Pact
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import label, with_article
from negotiation.trade.scenario.scenario import Scenario

AUDIENCE, COMPENSATION, SIDE = "audience_cost", "compensation", "side_payment"
VERIFICATION, COMMITMENT, PATIENCE = "verification", "us_commitment", "patience"
INSTRUMENTS = (AUDIENCE, COMPENSATION, SIDE, VERIFICATION, COMMITMENT, PATIENCE)
INSTRUMENT_PATHS: Mapping[str, str] = {
    AUDIENCE: "pledges.china_audience_cost",
    COMPENSATION: "pledges.compensation_cap",
    SIDE: "pledges.side_payment",
    VERIFICATION: "monitoring.verification",
    COMMITMENT: "pledges.us_audience_cost",
    PATIENCE: "patience.expected_life_months",
}
# pledges of a pact that an amount is
PLEDGE_FIELDS: Mapping[str, str] = {
    AUDIENCE: "column_audience_cost",
    COMPENSATION: "compensation_cap",
    SIDE: "side_payment",
    COMMITMENT: "row_audience_cost",
}
INSTRUMENT_LABELS: Mapping[str, str] = {
    AUDIENCE: "audience cost on the leader of {second}, in a low month",
    COMPENSATION: "compensation paid by {second}, after a low month",
    SIDE: "side payment by {first}, each month",
    VERIFICATION: "verification of genuine delays",
    COMMITMENT: "audience cost of {first}, for an exit",
    PATIENCE: "patience (monthly discount factor)",
}
# judgement: what a unit of each is taken to cost the two together beside what it burns on the path
PRICES: Mapping[str, float] = {AUDIENCE: 0.02, COMPENSATION: 0.0, SIDE: 0.05, COMMITMENT: 0.02, PATIENCE: 0.5}
VERIFICATION_PRICE = "pledges.verification_cost"
HIGHEST_PATIENCE = 0.99  # cap on the discount factor, a life of 100 months, where the file has no plausible range
PUNISHMENT_TOLERANCE = 1e-12  # monthly gain by leaving the punishment that counts as none: rounding of payoffs


class Instrument(Value, kw_only=True):
    """One thing a call can deliver: its `present` amount, its `cap`, its `price` a unit, its unit and label."""

    key: str
    label: str
    unit: str
    present: float
    cap: float
    price: float


@dataclass(frozen=True, kw_only=True)
class Punishment:
    """What a package threatens after a low month: by lottery the punishment (`row` None), or a month of player 0's
    action.

    label: in words. loss, gain: what a month of it costs player 1 and brings player 0, over the deal. needed: the stake
    a low month must carry so that player 1 licenses in the deal and in such a month. leaving: the most player 0 gains
    by leaving the deal or such a month.
    """

    row: int | None
    label: str
    loss: float
    gain: float
    needed: float
    leaving: float


class AgreementProblem(Value):
    """What a call can deliver in a scenario: instruments by key, and the pact with any amounts of them."""

    scenario: Scenario
    instruments: FrozenMap[Instrument]

    @property
    def caps(self) -> dict[str, float]:
        """The largest amounts."""
        return {key: instrument.cap for key, instrument in self.instruments.items()}

    @property
    def present(self) -> dict[str, float]:
        """The present amounts; no compensation clause is in force before a call."""
        return {key: instrument.present for key, instrument in self.instruments.items()}

    @cached_property
    def _pacts(self) -> dict[float, Pact]:
        return {}

    def pact(self, amounts: Mapping[str, float]) -> Pact:
        """Return the pact with these amounts of every instrument (present ones where none is given)."""
        full = {**self.present, **amounts}
        verified = full.get(VERIFICATION, 0.0)
        if verified not in self._pacts:
            changes = [Change(INSTRUMENT_PATHS[VERIFICATION], "set", verified)] if VERIFICATION in full else []
            self._pacts[verified] = build_pact(self.scenario.after(changes), fine=False)
        pact = self._pacts[verified]
        pledges = pact.pledges.replace(**{pledge: full[key] for key, pledge in PLEDGE_FIELDS.items()})
        return pact.replace(pledges=pledges, discount=full[PATIENCE])


def punishments(pact: Pact) -> tuple[Punishment, ...]:
    """Return the punishments of a pact that cost player 1 something and that can make it license at some stake.

    None where the punishment is no stage equilibrium, or costs player 0 nothing: else a lottery over it would be
    a gift to it and no response.
    """
    if pact.stage.largest_gain(pact.punishment) > PUNISHMENT_TOLERANCE:
        return ()
    (agreed, column), (first, second) = pact.deal, pact.stage.payoffs
    low = pact.monitoring.likelihood @ pact.mask(pact.trigger)
    stakes = stakes_needed(second - second[:, [column]], low - low[:, [column]]).max(axis=1)
    possible = []
    for row in (None, *(row for row in range(len(first)) if row != agreed)):
        month = pact.punishment if row is None else (row, column)
        gain, loss = float(first[month] - first[agreed, column]), float(second[agreed, column] - second[month])
        months = [agreed] if row is None else [agreed, row]
        needed = float(stakes[months].max())
        exits = [np.delete(first[:, column], each).max(initial=-np.inf) - first[each, column] for each in months]
        if loss > 0 and math.isfinite(needed) and (row is not None or gain < 0):
            words = "war" if row is None else f"a month of {label(pact.stage.actions[0][row])}"
            leaving = float(max(exits)) if len(first) > 1 else 0.0
            threat = Punishment(
                row=row, label=f"{words} by lottery", loss=loss, gain=gain, needed=needed, leaving=leaving
            )
            possible.append(threat)
    return tuple(possible)


def agreement_problem(
    scenario: Scenario, caps: Mapping[str, float] | None = None, prices: Mapping[str, float] | None = None
) -> AgreementProblem:
    """Return the problem of a scenario; `caps` and `prices` replace those read from the scenario or set by judgement.

    Raises `InputError` for an instrument that does not exist, a cap or a price below zero, a cap below the present
    amount, and a cap on patience or verification that is no share.
    """
    caps, prices = dict(caps or {}), dict(prices or {})
    pact = build_pact(scenario, fine=False)
    if 0 not in pact.monitoring.observed:
        text = f"the actions of {pact.stage.players[0]} must be seen exactly: an exit is answered by war"
        raise InputError.single("deliver", scenario.name, text)
    keys = [key for key in INSTRUMENTS if key != VERIFICATION or INSTRUMENT_PATHS[key] in scenario.parameters]
    for key in (*caps, *prices):
        if key not in keys:
            raise InputError.single("deliver", key, "there is no such instrument", nearest(key, keys))
    instruments = {key: _instrument(scenario, pact, key, caps.get(key), prices.get(key)) for key in keys}
    return AgreementProblem(scenario, FrozenMap(instruments))


def _instrument(scenario: Scenario, pact: Pact, key: str, cap: float | None, price: float | None) -> Instrument:
    present = _present(scenario, pact, key)
    most = _cap(scenario, pact, key) if cap is None else cap
    if not (math.isfinite(most) and most >= 0):
        raise InputError.single("deliver", key, f"a cap must be at least 0, got {most:g}")
    if key == VERIFICATION and most > 1:
        raise InputError.single("deliver", key, f"the cap is a probability, at most 1, got {most:g}")
    if key == PATIENCE and not 0 < most < 1:
        raise InputError.single("deliver", key, f"the cap is a discount factor between 0 and 1, got {most:g}")
    if cap is not None and cap < present:
        text = f"the cap {cap:g} is below the present amount {present:.6g}"
        raise InputError.single("deliver", key, text, "change the scenario with --set first")
    cost = price
    if cost is None:
        cost = PRICES[key] if key in PRICES else scenario.value(VERIFICATION_PRICE)
    if not (math.isfinite(cost) and cost >= 0):
        raise InputError.single("deliver", key, f"a price must be at least 0, got {cost:g}")
    first, second = (with_article(name) for name in scenario.players)
    return Instrument(
        key=key,
        label=INSTRUMENT_LABELS[key].format(first=first, second=second),
        unit={VERIFICATION: "share", PATIENCE: "factor"}.get(key, scenario.unit),
        present=present,
        cap=max(most, present),
        price=cost,
    )


def _present(scenario: Scenario, pact: Pact, key: str) -> float:
    if key == PATIENCE:
        return pact.discount
    if key == COMPENSATION:
        return 0.0
    return getattr(pact.pledges, PLEDGE_FIELDS[key]) if key in PLEDGE_FIELDS else scenario.value(INSTRUMENT_PATHS[key])


def _cap(scenario: Scenario, pact: Pact, key: str) -> float:
    """Return the default cap: the plausible range's upper end; the scenario's own cap on compensation."""
    path = INSTRUMENT_PATHS[key]
    if path not in scenario.parameters:
        return HIGHEST_PATIENCE if key == PATIENCE else float(np.ptp(pact.stage.payoffs))
    parameter = scenario.parameters[path]
    if key == COMPENSATION or parameter.high is None:
        return scenario.value(path)
    if key == PATIENCE:
        return scenario.value("patience.monthly_discount") * (1 - 1 / parameter.high)
    return parameter.high
