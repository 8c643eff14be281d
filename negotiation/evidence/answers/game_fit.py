"""Does the game describe 2025? Its predicted action by month against what tariffs and shipments show.

Three predictions: the best reply to the month's tariff in the stage game; a pact under mutual reversion (the deal's
action at the deal's tariff, else the punishment's); and one under proportional snapback (licensing goes on through a
partial tariff).
"""

import math

import numpy as np

from negotiation._values import Value
from negotiation.errors import InputError
from negotiation.evidence.answers.assessment import Assessment
from negotiation.games.pact import Pact
from negotiation.trade.game.build import build_game
from negotiation.trade.scenario.scenario import Scenario

TARIFF_STEPS = (0.25, 0.42)  # add-on duties that separate keep (20 % after Busan), partial (30 %), full (54 % and more)
FIRST_MONTH = 12 * 2025  # January 2025: tariffs begin
REPLY_RULES = ("best reply", "mutual reversion", "proportional snapback")
FIT_GRADES = ((0.75, "good"), (0.5, "fair"), (0.0, "poor"))  # least share of months predicted right


class FitMonth(Value, kw_only=True):
    """One month: what the US set, the share of normal that arrived (None: no figure), the action that looks like, the
    filter's probability of each of China's actions, and the action predicted by each rule.
    """

    month: int
    tariff: float
    us_action: str
    share: float | None
    looks_like: str
    filtered: tuple[float, ...]
    predicted: tuple[str, ...]


class RuleFit(Value):
    """One rule: months predicted right, months with a figure, mean filter probability of the prediction, a grade."""

    rule: str
    right: int
    months: int
    probability: float
    grade: str


class GameFit(Value):
    """The fit of a scenario's game by month and by rule."""

    scenario: str
    normal: float
    rows: tuple[FitMonth, ...]
    rules: tuple[RuleFit, ...]


def game_fit(scenario: Scenario, assessment: Assessment) -> GameFit:
    """Return the fit of the game to 2025 and after, to the actions that are aimed at the US alone.

    Raises `InputError` for a scenario that cannot be fitted.
    """
    if not can_fit(scenario):
        raise InputError.single(scenario.name, "actions", "the fit needs three tariffs and three shares withheld")
    game = build_game(scenario)
    pact = game.pact
    # a share that no action lists is taken for the nearest one
    punished = _action(scenario, 1 - game.withheld[pact.punishment[1]])
    history = assessment.history
    controls = assessment.events.licences_from()
    us_before = history.data[: None if controls is None else max(0, controls - history.first), 1]
    normal = float(np.nanmean(us_before)) if np.isfinite(us_before).any() else float("nan")
    chances = assessment.causes[assessment.middle]
    rows = []
    for month in range(max(FIRST_MONTH, history.first), history.last + 1):
        row = history.data[history.index(month)]
        tariff, us = math.expm1(float(row[6])), float(row[1])
        place = int(np.searchsorted(TARIFF_STEPS, tariff, side="right"))
        share = None if math.isnan(us) or math.isnan(normal) else us / normal
        slow, hold = (chances.probability(cause, month)[0] for cause in ("slow_walk", "withhold"))
        rows.append(
            FitMonth(
                month=month,
                tariff=tariff,
                us_action=scenario.actions[0][place],
                share=share,
                looks_like="" if share is None else _action(scenario, share),
                filtered=(1 - slow - hold, slow, hold),
                predicted=_predicted_actions(pact, us_only_actions(scenario), punished, place),
            )
        )
    return GameFit(scenario.name, normal, tuple(rows), tuple(_rule(scenario, rows, i) for i in range(len(REPLY_RULES))))


def can_fit(scenario: Scenario) -> bool:
    """Return whether the game can be held against shipments: three tariffs, and three shares aimed at the US alone."""
    if scenario.kind != "economy" or any(len(names) != 3 for names in (scenario.actions[0], us_only_actions(scenario))):
        return False
    return {scenario.deal[1], *scenario.punishment[1:]} <= set(us_only_actions(scenario))


def us_only_actions(scenario: Scenario) -> tuple[str, ...]:
    """Return China's actions that withhold nothing from others: those the filter of targeted conduct can tell apart."""
    names = scenario.actions[1]
    return tuple(name for name in names if not scenario.value(f"actions.china.{name}.withheld_elsewhere"))


def _action(scenario: Scenario, share: float) -> str:
    """Return the action a share of normal looks like: borders halfway between what the actions let through."""
    withheld = [scenario.value(f"actions.china.{name}.withheld") for name in us_only_actions(scenario)]
    arriving = 1 - np.array(withheld)
    borders = (arriving[:-1] + arriving[1:]) / 2
    return us_only_actions(scenario)[int((share < borders).sum())]


def _predicted_actions(pact: Pact, candidates: tuple[str, ...], punished: str, place: int) -> tuple[str, ...]:
    names = pact.stage.actions[1]
    reply = int(np.argmax(np.where(np.isin(names, candidates), pact.stage.payoffs[1, place], -np.inf)))
    deal = names[pact.deal[1]]
    reversion = deal if place == pact.deal[0] else punished
    snapback = deal if place <= pact.punishment[0] else punished
    return names[reply], reversion, snapback


def _rule(scenario: Scenario, rows: list[FitMonth], rule: int) -> RuleFit:
    measured = [row for row in rows if row.share is not None]
    right = sum(row.predicted[rule] == row.looks_like for row in measured)
    chance = [row.filtered[us_only_actions(scenario).index(row.predicted[rule])] for row in measured]
    share = right / len(measured) if measured else 0.0
    grade = next(word for least, word in FIT_GRADES if share >= least)
    return RuleFit(REPLY_RULES[rule], right, len(measured), float(np.mean(chance)) if measured else float("nan"), grade)
