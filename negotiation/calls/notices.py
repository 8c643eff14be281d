"""What a reader should know of a legal scenario before its answers: what it watches, and whether it punishes."""

from negotiation.games.pact import Pact
from negotiation.solve.regimes.analysis import analyse_regime
from negotiation.solve.regimes.search import TOLERANCE
from negotiation.solve.regimes.withheld_shares import ShareDeviation
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.derived import DELAY_ENTRY, DELAY_STAY, switch_notice
from negotiation.trade.parameters.labels import label, profile_label, title
from negotiation.trade.parameters.registry import CHINA_CHOICE, COMMON_TRIGGER, DELAY_PUBLISHED, OTHERS_TRIGGER
from negotiation.trade.scenario.scenario import FORMAT, Scenario

OLD_FORMAT = (
    "the file has format 1, in which China chose among the listed shares: it may withhold any share now, and without a "
    'punishment in the file the stage equilibrium punishes (china_choice = "listed" is the old game, format = 2 ends '
    "this notice)"
)
CHANCE_ROUNDING = 1e-12  # by which two chances of a low month may differ through rounding alone


def all_notices(scenario: Scenario) -> tuple[str, ...]:
    """Return all that a reader should be told: numbers outside their plausible range, then the notices."""
    return (*scenario.notices, *notices(scenario))


def notices(scenario: Scenario) -> tuple[str, ...]:
    """Return one sentence for each number given instead of another, each caution about what is watched, each doubt."""
    switched = [switch_notice(path) for path, parameter in scenario.parameters.items() if parameter.instead_of]
    old = (
        (OLD_FORMAT,)
        if scenario.format < FORMAT and scenario.any_share and CHINA_CHOICE not in scenario.parameters
        else ()
    )
    return (*old, *switched, *scenario_warnings(scenario), *punishment_notices(build_pact(scenario)))


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
    if scenario.delays_last:
        sentences.append(
            f"delays last ({DELAY_STAY} = {scenario.value(DELAY_STAY):g}, {DELAY_ENTRY} = "
            f"{scenario.value(DELAY_ENTRY):.3g}): rules, values and paths count on it; the game on the call counts "
            "months as if drawn anew; payoff sets, what the call must deliver, what information is worth are left out"
        )
        if scenario.value(DELAY_PUBLISHED) == 0 and not scenario.delay_seen:
            sentences.append(
                "nobody sees whether there was a delay: only rules that react to the published months are judged, for "
                "every belief that China may hold of the coming month"
            )
    return (*sentences, *_uncaught(scenario))


def _uncaught(scenario: Scenario) -> list[str]:
    """Name the first action that gains over the deal and makes a low month no likelier: no response can deter it."""
    pact = build_pact(scenario, fine=False)
    row, column = pact.deal
    low = pact.monitoring.likelihood[row] @ pact.mask(pact.trigger)
    gains = pact.stage.payoffs[1, row] - pact.stage.payoffs[1, row, column]
    for name, often, gain in zip(pact.stage.actions[1], low, gains, strict=True):
        if gain > 0 and often <= low[column] + CHANCE_ROUNDING:
            return [
                f"no response to a low month can deter '{label(name)}': it gains {gain:.2f} {scenario.unit} over the "
                f"deal, and a month counts as low with chance {often:.3f} under it, {low[column]:.3f} under the deal"
            ]
    return []


def punishment_notices(pact: Pact) -> tuple[str, ...]:
    """Return who gains by leaving the punishment profile for a month, with which action or share and by how much."""
    unit, name = pact.stage.unit, profile_label(pact.stage.name(pact.punishment))
    sentences = []
    for player in range(2):
        gains = pact.stage.deviations(player, pact.punishment) - pact.stage.payoff(pact.punishment)[player]
        best = int(gains.argmax())
        if (1 - pact.discount) * gains[best] > TOLERANCE:
            sentences.append(
                f"the punishment {name} is no stage equilibrium: {title(pact.stage.players[player])} gains "
                f"{gains[best]:.3g} {unit} in a month of it by playing {label(pact.stage.actions[player][best])}, so "
                "at these numbers no simple regime holds"
            )
    share = None if pact.every_share and sentences else analyse_regime(pact, "stage_nash").share
    if share is not None and share.pays:
        sentences.append(
            f"the punishment {name} is no stage equilibrium against every share: {title(share.player)} gains "
            f"{share.gain:.3g} {unit} in a month of it by withholding {share.amount}, so at these numbers no simple "
            "regime holds against every share"
        )
    return tuple(sentences)


def share_words(share: ShareDeviation, unit: str) -> str:
    """Return in which state which share pays whom, and by how much, in one clause."""
    return share.replace(player=title(share.player)).sentence(unit)
