"""From the posterior to the game (docs/evidence.md): a scenario's monitoring parameters, with sources, as a TOML file,
and the headline over the posterior: in how many draws of delay, severity and noise does each call's deal hold?

The model's delays last: the file states the chances that one begins and that it lasts into the next month, from months
of a common disturbance ASSUMED to be licensed. The headline takes their long-run share as if months were drawn anew.
"""

import numpy as np
import tomli_w

from negotiation._kernels.compiled import version
from negotiation._values import Floats, Value
from negotiation.evidence.answers.assessment import Assessment
from negotiation.evidence.data.months import month_name
from negotiation.evidence.model.cache import cached_json
from negotiation.evidence.model.posterior import QUANTILE_SHARES, Posterior, Step, weighted_quantiles
from negotiation.evidence.model.priors import COMMON_ENTRY, COMMON_STAY, DELAY_GREATEST, DELAY_LEAST, NOISE, RATIO_NOISE
from negotiation.solve.regimes.analysis import analyse_regimes, own_regime
from negotiation.solve.regimes.batch import REGIME_KEYS, regime_batch
from negotiation.trade import MAIN_SCENARIO
from negotiation.trade.game.build import build_pact, pact_batch
from negotiation.trade.game.repeated_game import compile_automaton
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.derived import DELAY_ENTRY, DELAY_STAY
from negotiation.trade.scenario.call_outcome import STAGE_NASH
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from negotiation.trade.scenario.scenario import FORMAT, Scenario

FITTED_PATHS = tuple(f"monitoring.{name}" for name in ("delay_probability", "delay_min", "delay_max", "noise"))
DELAY, MIN, MAX, SPREAD = FITTED_PATHS
AS_IF = "estimated as if every month of a common disturbance had been licensed (an assumption)"
MEANINGS = {
    DELAY: f"chance that licensing delays shipments in a month although nothing is withheld on purpose; {AS_IF}",
    DELAY_ENTRY: f"chance of a delay in a month after one without; {AS_IF}",
    DELAY_STAY: f"chance that a delay lasts into the next month; {AS_IF}",
    MIN: "least share of shipments lost to a delay; estimated",
    MAX: "largest share of shipments lost to a delay; estimated",
    SPREAD: "standard deviation of the log of measured shipments; estimated",
}
HEADLINE_DRAWS = 200  # of the posterior: shares are exact to about .03; the time grows with them
MOST_DELAY = 0.65  # a breakdown scales the delay probability by 1.5, which has to stay below 1


def game_numbers(theta: Floats) -> dict[str, Floats]:
    """Return the game's monitoring parameters for each row of theta (N, 17), each (N,).

    How likely a delay is: its long-run share, and the chances that one begins and that it lasts.
    """
    enter, stay = theta[:, COMMON_ENTRY], theta[:, COMMON_STAY]
    return {
        DELAY: enter / (1 + enter - stay),
        DELAY_ENTRY: enter,
        DELAY_STAY: stay,
        MIN: theta[:, DELAY_LEAST],
        MAX: theta[:, DELAY_GREATEST],
        SPREAD: np.hypot(theta[:, NOISE], theta[:, RATIO_NOISE]),
    }


def estimates(assessment: Assessment) -> dict[str, tuple[float, ...]]:
    """Return (low, middle, high) of each monitoring parameter: 5, 50 and 95 % quantiles under the middle prior.

    The long-run share of months with a delay and, beside it, the chances that one begins and lasts.
    """
    post = assessment.posteriors[assessment.middle]
    numbers = game_numbers(post.theta)
    return {
        path: tuple(weighted_quantiles(number, post.weights, QUANTILE_SHARES).tolist())
        for path, number in numbers.items()
    }


def fragment_text(assessment: Assessment) -> str:
    """Return a scenario file that extends the default one with the estimates, intervals and sources."""
    prior, last = assessment.priors[assessment.middle], month_name(assessment.last)
    source = "estimated-shipments"
    parameters = {
        path.partition(".")[2]: {
            **{name: round(number, 4) for name, number in zip(("low", "value", "high"), ends, strict=True)},
            **{"source": source, "range_source": source, "dated": assessment.as_of, "meaning": MEANINGS[path]},
        }
        for path, ends in estimates(assessment).items()
        if path != DELAY  # it follows from the two chances, which say more
    }
    title = f"Posterior of the shipment model ({prior} prior), Chinese customs, HS 85051110, months to {last}"
    publisher = "Customs of China through press reports; see negotiation/data/shipments.csv"
    data = {
        "format": FORMAT,
        "name": f"{MAIN_SCENARIO}-estimated",
        "extends": MAIN_SCENARIO,
        "title": f"Monitoring estimated from shipments to {last}",
        "as_of": assessment.as_of,
        "monitoring": parameters,
        "sources": {source: {"title": title, "publisher": publisher, "date": assessment.as_of, "kind": "published"}},
    }
    head = (
        f"# Monitoring estimated from magnet shipments to {last}, known on {assessment.as_of}, {prior} prior;\n"
        "# intervals of 90 %.\n"
        "# The chances of a delay ASSUME that the months of a common disturbance were licensed and only late.\n"
        "# Delays last: one month with a delay makes another likelier. delay_stay = 0 takes that away again.\n\n"
    )
    return head + tomli_w.dumps(data)


class HeadlineShare(Value):
    """One call outcome: the regime asked about, and the share of draws in which the deal holds."""

    outcome: str
    label: str
    regime: str
    share: float


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
    every = game_numbers(post.equal_draws(draws))
    numbers = {path: every[path] for path in FITTED_PATHS}
    numbers[DELAY] = np.minimum(numbers[DELAY], MOST_DELAY)
    state = [scenario, numbers, version()]
    count = _counts if scenario.regimes else _counts_on_columns  # users' automata are solved one by one
    counts: dict[str, int] = cached_json("headline", state, lambda: count(scenario, numbers, draws, step))
    asked = {call.name: call.regime.replace("_", " ") for call in scenario.calls if call.regime != STAGE_NASH}
    rows = tuple(
        HeadlineShare(call.name, call.label, asked.get(call.name, "any simple regime"), counts[call.name] / draws)
        for call in scenario.calls
    )
    return HeadlineShares(scenario.name, post.prior, draws, rows)


def _counts_on_columns(scenario: Scenario, numbers: dict[str, Floats], draws: int, step: Step | None) -> dict[str, int]:
    """Return what `_counts` does, all draws at once."""
    points, counts = ParameterColumns.of(scenario, FITTED_PATHS, np.column_stack([*numbers.values()])), {}
    for call in scenario.calls:
        after = points.after(call.changes)
        holds = regime_batch(pact_batch(after.where(after.legal))).holds
        counts[call.name] = int(holds[:, _columns(call.regime)].any(axis=1).sum())
        if step is not None:
            step("headline over the posterior", f"{draws} draws after {call.label}")
    return counts


def _columns(regime: str) -> slice:
    """Return the rules asked about among `REGIME_KEYS`: the selected one, or any where the punishment is selected."""
    place = REGIME_KEYS.index(regime)
    return slice(1, None) if regime == STAGE_NASH else slice(place, place + 1)


def _counts(scenario: Scenario, numbers: dict[str, Floats], draws: int, step: Step | None) -> dict[str, int]:
    """Return, for each call outcome, the number of draws in which its deal holds."""
    counts = dict.fromkeys((call.name for call in scenario.calls), 0)
    for i in range(draws):
        drawn = scenario.after([Change(path, "set", float(numbers[path][i])) for path in FITTED_PATHS])
        for call in scenario.calls:
            pact = build_pact(drawn.after(call.changes), fine=False)
            users = [own_regime(pact, s.name, s.label, compile_automaton(s, pact)) for s in scenario.regimes]
            regimes = [r for r in (*analyse_regimes(pact, False), *users) if r.holds and r.key != STAGE_NASH]
            counts[call.name] += any(call.regime in (STAGE_NASH, regime.key) for regime in regimes)
        if step is not None and i % 10 == 9:
            step("headline over the posterior", f"{i + 1} of {draws} draws")
    return counts
