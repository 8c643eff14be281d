"""The headline over the posterior: in how many draws of delay, severity and noise does each call's deal hold?

Each draw of the posterior becomes the monitoring parameters of the game (`game_numbers`); the game after each
call is solved for every regime, as the main run does. A call may scale the delay probability (a breakdown by 1.5), so
draws above MOST are taken at MOST.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from negotiation._kernels.compiled import version
from negotiation._values import Floats, Value
from negotiation.evidence.answers.scenario_fragment import DELAY, PATHS, game_numbers
from negotiation.evidence.model.cache import cached_json
from negotiation.evidence.model.posterior import Posterior, Step
from negotiation.solve.regimes.analysis import Regime, analyse_regimes, own_regime
from negotiation.trade.game.build import build_pact
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.scenario import Scenario

HEADLINE_DRAWS = 200  # of the posterior: shares are exact to about .03; the time grows with them
MOST_DELAY = 0.65  # a breakdown scales the delay probability by 1.5, which has to stay below 1
NASH = "stage_nash"


@dataclass(frozen=True, eq=False)
class HeadlineShare(Value):
    """One call outcome: the regime asked about, and the share of draws in which the deal holds."""

    outcome: str
    label: str
    regime: str
    share: float


@dataclass(frozen=True, eq=False)
class HeadlineShares(Value):
    """The headline of a scenario over `draws` draws of a posterior."""

    scenario: str
    prior: str
    draws: int
    rows: tuple[HeadlineShare, ...]


def headline_shares(
    scenario: Scenario, post: Posterior, draws: int = HEADLINE_DRAWS, step: Step | None = None
) -> HeadlineShares:
    """Return in how many draws each outcome's deal enforces itself.

    After a breakdown (stage Nash selected) no deal stands: the share is that of draws in which any simple regime would
    hold, and the row says so.
    """
    numbers = game_numbers(post.equal_draws(draws))
    numbers[DELAY] = np.minimum(numbers[DELAY], MOST_DELAY)
    state = [scenario, numbers, version()]
    counts: dict[str, int] = cached_json("headline", state, lambda: _counts(scenario, numbers, draws, step))
    rows = tuple(
        HeadlineShare(call.name, call.label, _asked(call.regime), counts[call.name] / draws) for call in scenario.calls
    )
    return HeadlineShares(scenario.name, post.prior, draws, rows)


def _asked(regime: str) -> str:
    return "any simple regime" if regime == NASH else regime.replace("_", " ")


def _counts(scenario: Scenario, numbers: dict[str, Floats], draws: int, step: Step | None) -> dict[str, int]:
    """Return, for each call outcome, the number of draws in which its deal holds."""
    counts = dict.fromkeys((call.name for call in scenario.calls), 0)
    for i in range(draws):
        drawn = scenario.after([Change(path, "set", float(numbers[path][i])) for path in PATHS])
        for call in scenario.calls:
            pact = build_pact(drawn.after(call.changes), fine=False)
            users = [own_regime(pact, s.name, s.label, compile_automaton(s, pact)) for s in scenario.regimes]
            counts[call.name] += _holds((*analyse_regimes(pact, False), *users), call.regime)
        if step is not None and i % 10 == 9:
            step("headline over the posterior", f"{i + 1} of {draws} draws")
    return counts


def _holds(regimes: tuple[Regime, ...], key: str) -> bool:
    wanted = [r for r in regimes if (r.key != NASH if key == NASH else r.key == key)]
    return any(regime.holds for regime in wanted)
