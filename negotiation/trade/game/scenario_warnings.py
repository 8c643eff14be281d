"""What a reader should know about a scenario that is legal but says less, or more, than it seems to."""

from __future__ import annotations

from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.labels import label
from negotiation.trade.parameters.registry import COMMON_TRIGGER, OTHERS_TRIGGER
from negotiation.trade.scenario.scenario import Scenario

SAME_CHANCE = 1e-12  # by which two chances of a low month may differ through rounding alone


def scenario_warnings(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each caution about what is watched and how it can be evaded, before any call."""
    if scenario.kind != "economy":
        return ()
    line = scenario.value(OTHERS_TRIGGER)
    evading = [name for name in scenario.actions[1] if scenario.value(f"actions.china.{name}.withheld_elsewhere")]
    reached = [f"third_parties.{name}.exposure" for name in scenario.third_parties]
    reached = [path for path in reached if scenario.value(path)]
    sentences = []
    if evading and not line:
        sentences.append(
            f"'{evading[0]}' withholds from the others too, which only costs China more while their figure is not read "
            f"({OTHERS_TRIGGER} = 0)"
        )
    if not line and COMMON_TRIGGER in scenario.parameters:
        sentences.append(f"{COMMON_TRIGGER} has no effect while the others' figure is not read ({OTHERS_TRIGGER} = 0)")
    if line and not evading:
        sentences.append(
            f"{OTHERS_TRIGGER} = {line:g} reads the others' figure, but no action withholds elsewhere: since nobody "
            "can go round it, what it gains is an upper bound (give an action withheld_elsewhere)"
        )
    if line and reached:
        sentences.append(
            f"{', '.join(reached)} above 0: what is withheld from the US is said to reach them, yet the others' figure "
            "does not show it"
        )
    return (*sentences, *_uncaught(scenario))


def _uncaught(scenario: Scenario) -> list[str]:
    """Name the first action that gains over the deal and makes a low month no likelier: no response can deter it."""
    pact = build_pact(scenario, fine=False)
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ pact.mask(pact.trigger)
    gains = pact.stage.payoffs[1, row] - pact.stage.payoffs[1, row, column]
    for name, often, gain in zip(pact.stage.actions[1], low, gains, strict=True):
        if gain > 0 and often <= low[column] + SAME_CHANCE:
            return [
                f"no response to a low month can deter '{label(name)}': it gains {gain:.2f} {scenario.unit} over the "
                f"deal, and a month counts as low with chance {often:.3f} under it, {low[column]:.3f} under the deal"
            ]
    return []
