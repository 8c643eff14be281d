"""Certified thresholds of a scenario: for which values of a parameter can the deal be played, kept, or kept cheaply?

A break-even asks whether one simple regime holds, a threshold about ALL pure public equilibria (docs/thresholds.md).
"""

from collections.abc import Callable

import numpy as np

from negotiation.calls.outcomes.break_even import legal_values, with_call
from negotiation.errors import InputError, nearest
from negotiation.games.dynamic import DynamicGame
from negotiation.solve.options import Options
from negotiation.solve.thresholds.claims import CanPlay, Claim, FillsShare, LossBelow
from negotiation.solve.thresholds.threshold import SCANNED_VALUES, Threshold, monotone_threshold
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import pact_game
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.call_outcome import CallOutcome
from negotiation.trade.scenario.scenario import Scenario

CLAIMS = ("play", "share", "loss")
PART = 1e-3  # of the range: how closely changes are enclosed unless a width is given
PROBES = 5  # values at which monotonicity is looked for before any game is solved; more see more, at a build each


def deal_claim(scenario: Scenario, kind: str, amount: float | None = None) -> Claim:
    """Return a claim about the scenario's deal: "play", "share" (of months, 0 to 1) or "loss" (in the scenario's unit).

    Raises `InputError` for another kind, or where the amount is missing.
    """
    if kind not in CLAIMS:
        raise InputError.single("claim", kind, "is no claim", nearest(kind, CLAIMS))
    deal = build_pact(scenario, fine=False).deal
    if kind == "play":
        return CanPlay(deal)
    if amount is None:
        hint = "a share such as 0.9" if kind == "share" else "an amount such as 0.05"
        raise InputError.single("claim", kind, "needs a number", hint)
    return FillsShare(deal, amount) if kind == "share" else LossBelow(deal, amount)


def game_at(scenario: Scenario, path: str, call: CallOutcome | None = None) -> Callable[[float], DynamicGame]:
    """Return value -> game of the scenario with that number at `path`, and the call's changes."""
    scenario.parameter(path)

    def game(value: float) -> DynamicGame:
        return pact_game(build_pact(with_call(scenario, call, Change(path, "set", value)), fine=False))

    return game


def scenario_threshold(
    scenario: Scenario,
    path: str,
    claim: Claim,
    low: float | None = None,
    high: float | None = None,
    call: str | None = None,
    width: float | None = None,
    grid: int = SCANNED_VALUES,
    options: Options | None = None,
    tries: int = 1,
) -> Threshold:
    """Return for which values of a parameter the claim is proven, disproven or undecided.

    path: a parameter with one number, such as "patience.monthly_discount". low, high: the range, by default the
    plausible one of the scenario file. call: name of a call outcome whose changes come on top. width: how closely
    changes are enclosed, by default a thousandth of the range. Bisection only where the claim is proven to be monotone;
    otherwise `grid` values are judged. tries: as in `threshold`. Raises `InputError` for an unknown path or call and
    for a range without legal values.
    """
    parameter = scenario.parameter(path)
    bottom = parameter.low if low is None else low
    top = parameter.high if high is None else high
    if bottom is None or top is None or not bottom < top:
        raise InputError.single("threshold", path, f"needs a range with low < high, got {bottom} and {top}")
    game = game_at(scenario, path, None if call is None else scenario.call(call))
    legal = legal_values(np.linspace(bottom, top, max(grid, PROBES)), game)
    if len(legal) < 2:
        raise InputError.single("threshold", path, f"fewer than two legal values between {bottom:g} and {top:g}")
    start, end = float(legal[0]), float(legal[-1])
    close = PART * (end - start) if width is None else width
    return monotone_threshold(
        game, claim, legal.tolist(), width=close, parameter=path, options=options, grid=grid, tries=tries
    )
