"""What the rest-of-world figure is worth as a public signal, with and without the way round it: slow-walking everyone.

A genuine delay holds up everyone, so a month that is low for the US alone speaks of intent. But China can slow-walk
everyone, which looks like a delay and costs it sales elsewhere and the others' anger.
"""

from collections.abc import Iterable, Mapping

from negotiation._values import FrozenMap, Value
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import BEST_SET, Regime, analyse_regimes
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_pact
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.parameter import Parameter
from negotiation.trade.parameters.registry import OTHERS_TRIGGER, registry_order
from negotiation.trade.scenario.scenario import Scenario

TWO_FIGURES = "two-figures-2025"
EVERYONE, SLOW = "slow_walk_everyone", "slow_walk"
ANGER = "minerals.others_anger"
REGIME = "mutual_reversion"


class MonitoringOption(Value):
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


class PublicFigure(Value):
    """The deal by mutual reversion with the US figure alone, with both figures while nobody goes round them, and with
    the way round. extra: what slow-walking everyone costs China a month beyond a slow-walk; gain: what a slow-walk
    brings, so the extra cost from which the way round no longer pays and can be ignored.
    """

    options: tuple[MonitoringOption, ...]
    extra: float
    gain: float


def public_figure(scenario: Scenario, anger: float | None = None) -> PublicFigure:
    """Return what the rest-of-world figure is worth. anger: `minerals.others_anger` in its place.

    A scenario without the second figure is given that of `two-figures-2025`. Raises `InputError` for a scenario with
    payoffs of its own or without a slow-walk.
    """
    if scenario.kind != "economy" or SLOW not in scenario.actions[1]:
        raise InputError.single(scenario.name, "actions", f"has no '{SLOW}' that could be watched", "see rollback-2025")
    evaded = both_figures(scenario)
    if anger is not None:
        evaded = evaded.after([Change(ANGER, "set", anger)])
    ideal = _with_actions(evaded, [name for name in evaded.actions[1] if not _elsewhere(evaded, name)], {})
    alone = ideal.after([Change(OTHERS_TRIGGER, "set", 0.0)])
    named = {
        "US figure alone": alone,
        "with the others' figure, nobody goes round it": ideal,
        "with the way round": evaded,
    }
    pact = build_pact(evaded, fine=False)
    column = dict(zip(pact.stage.actions[1], pact.stage.payoffs[1, pact.deal[0]].tolist(), strict=True))
    slow, everyone = column[SLOW], max(column[name] for name in _evading(evaded))
    options = tuple(MonitoringOption(name, _best(variant)) for name, variant in named.items())
    return PublicFigure(options, slow - everyone, slow - column[evaded.deal[1]])


def both_figures(scenario: Scenario) -> Scenario:
    """Return the scenario with both figures read and a way round: itself, or with the numbers of `two-figures-2025`.

    Everyone is then slow-walked as far as the US is in the scenario's own slow-walk.
    """
    shipped = load_scenario(TWO_FIGURES)
    more = {path: shipped.parameters[path] for path in scenario.omitted_paths if path in shipped.parameters}
    names = list(scenario.actions[1])
    if not _evading(scenario):
        share = scenario.value(f"actions.china.{SLOW}.withheld")
        paths = [f"actions.china.{EVERYONE}.{leaf}" for leaf in ("withheld", "withheld_elsewhere")]
        more |= {path: shipped.parameters[path].with_value(share) for path in paths}
        names.insert(names.index(SLOW) + 1, EVERYONE)
    completed = _with_actions(scenario, names, more)
    if completed.value(OTHERS_TRIGGER):
        return completed
    return completed.after([Change(OTHERS_TRIGGER, "set", shipped.value(OTHERS_TRIGGER))])


def _with_actions(scenario: Scenario, names: Iterable[str], more: Mapping[str, Parameter]) -> Scenario:
    """Return the scenario with these actions of China and no others, and more parameters."""
    actions = tuple(names)
    merged = {
        path: parameter
        for path, parameter in {**scenario.parameters, **more}.items()
        if not path.startswith("actions.china.") or path.split(".")[2] in actions
    }
    parameters = FrozenMap({path: merged[path] for path in registry_order(merged)})
    return scenario.replace(actions=(scenario.actions[0], actions), parameters=parameters)


def _elsewhere(scenario: Scenario, name: str) -> float:
    return scenario.value(f"actions.china.{name}.withheld_elsewhere")


def _evading(scenario: Scenario) -> list[str]:
    return [name for name in scenario.actions[1] if _elsewhere(scenario, name)]


def _best(scenario: Scenario) -> Regime:
    """Return mutual reversion under its best trigger set, judged against the listed actions."""
    regimes = analyse_regimes(build_pact(scenario, fine=False))
    return next(regime for regime in regimes if regime.key == REGIME and regime.trigger_rule == BEST_SET)
