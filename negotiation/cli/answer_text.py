"""What `negotiation run` says: the answer on one screen or as JSON, and which required claims do not hold."""

import json
from collections.abc import Mapping, Sequence

from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.enforcement import distinct_decimals
from negotiation.calls.notices import all_notices, share_words
from negotiation.calls.outcomes.outcome import Outcome
from negotiation.calls.outcomes.stage_game import side_levels
from negotiation.calls.outcomes.uncertain_world import UncertainWorld
from negotiation.cli.messages import next_command, printable
from negotiation.errors import InputError, nearest
from negotiation.report.pages.main import Done
from negotiation.report.sections.answer import life_text
from negotiation.report.sections.worth import break_even_sentence
from negotiation.solve.regimes.analysis import Regime
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import label, title
from negotiation.trade.scenario.call_outcome import REGIMES
from negotiation.trade.scenario.scenario import Scenario

NEAR = 0.05  # of the way to the number tried, by which it may be rounded
CLOSE = 5e-5  # discount factors that differ by less show the same four digits


def answer_text(done: Done, broken: Mapping[str, str]) -> str:
    """Return the one-screen answer: what was run, a line for each outcome, where the report is, what to do next."""
    analysis = done.analysis
    scenario = analysis.scenario
    head = f"  {scenario.name}  {done.digest}  seed {analysis.options.seed}"
    lines = [head, *(f"  change   {change.sentence()}" for change in scenario.changes)]
    lines += [f"  notice   {text}" for text in all_notices(scenario)]
    lines += ["", *(_line(row, analysis.world) for row in analysis.comparison.outcomes), ""]
    if scenario.kind == "economy":
        lines += [f"  Values are {scenario.unit} while the truce lives: {life_text(scenario)}."]
    if analysis.call is not None and analysis.call.worth is not None:
        lines += [f"  {text}" for text in filter(None, [break_even_sentence(analysis.call.worth)])]
    lines.append("")
    lines += [f"  ✗ required, but does not hold: {claim} ({why})" for claim, why in broken.items()]
    lines.append(f"  {done.seconds:.1f} s")
    lines.append(f"  report   {done.page}")
    return printable("\n".join(lines)) + "\n  " + next_command(*after_run(done))


def _line(row: Outcome, world: UncertainWorld | None) -> str:
    joint = f"joint value {row.joint:+.3f}{_in_world(row, world)}"
    if not row.holds:
        return f"  ✗ {row.call.label}: does not hold: {row.enforcement.why_not()}; {joint}"
    return (
        f"  ✓ {row.call.label}: holds by {row.selected.label}, {row.terms} ({_room(row)}); {joint}{_every_share(row)}"
    )


def _in_world(row: Outcome, world: UncertainWorld | None) -> str:
    share = None if world is None else world.share_of(row.call.name)
    return "" if share is None else f"; holds in {100 * share.holds:.0f} % of the uncertain world"


def _room(row: Outcome) -> str:
    """Return from which discount factor the terms hold as written, and, apart, the best terms at each one."""
    written, least, here = row.written_discount, row.least_discount, row.discount
    assert written is not None  # it holds
    from_when, now = distinct_decimals(written, here)
    if least is None or abs(written - least) < CLOSE:
        return f"from δ {from_when}, here {now}"
    return f"these terms from δ {from_when}, the best terms from {distinct_decimals(least, here)[0]}, here {now}"


def _every_share(row: Outcome) -> str:
    """Return whether a regime that holds stands against every share too, and if not which one pays."""
    share = row.selected.share
    if not row.holds or share is None:
        return ""
    if row.holds_against_every_share:
        if not row.game.pact.every_share:
            return "; against every share too"
        return "; against every share" if row.proof is not None else "; against every share (searched, not proven)"
    return f"; not against every share: {share.amount} pays {title(share.player)} {share.gain:.3f} in '{share.state}'"


def json_answer(done: Done, broken: Mapping[str, str]) -> str:
    """Return the answer as one JSON object."""
    analysis = done.analysis
    game, scenario = analysis.base, analysis.scenario
    pact, players = game.pact, scenario.players
    sides = side_levels(pact, analysis.stage.minmax)
    payoffs = dict(zip(players, pact.stage.payoff(pact.punishment), strict=True))
    withheld = game.withheld[pact.punishment[1]] if game.has_economics else None
    data = {
        "scenario": scenario.name,
        "digest": done.digest,
        "changes": [change.sentence() for change in scenario.changes],
        "notices": list(all_notices(scenario)),
        "punishment": {**payoffs, "withheld": withheld},
        "seen_thresholds": dict(zip(players, (side.least_discount for side in sides), strict=True)),
        "outcomes": analysis.verdicts(),
        "required_but_false": list(broken),
        "why_false": dict(broken),
        "report": str(done.page),
        "results": str(done.page.parent / "results.json"),
    }
    return json.dumps(data, indent=2)


def failed_claims(scenario: Scenario, claims: Sequence[str], analysis: Analysis | None = None) -> dict[str, str]:
    """Return the claims that do not hold and why; without an analysis only check that they can be asked.

    A claim is OUTCOME (under its selected regime) or OUTCOME:REGIME, against the listed actions and every share that
    could be withheld. Raises `InputError` for unknown names.
    """
    broken = {}
    for claim in claims:
        name, _, key = claim.partition(":")
        call = scenario.call(name)
        keys = (*REGIMES, *(spec.name for spec in scenario.regimes))
        if key and key not in keys:
            raise InputError.single("--require", claim, f"there is no regime '{key}'", nearest(key, keys))
        if analysis is None:
            continue
        outcome = analysis.comparison.row(call.name).outcome
        regime = outcome.regime(key) if key else outcome.selected
        if not regime.holds_finely or not (key or outcome.holds):
            broken[claim] = _why_false(outcome, regime, bool(key))
    return broken


def _why_false(outcome: Outcome, regime: Regime, named: bool) -> str:
    unit = outcome.game.pact.stage.unit
    if regime.key == "stage_nash" and not named:
        return f"{regime.label} is selected, which does not enforce the deal"
    if regime.holds and regime.share is not None:
        text = f"{regime.label}, {regime.terms} holds against the listed actions, not against every share"
        return f"{text}: {share_words(regime.share, unit)}"
    if regime.worst is None or regime.worst.slack >= 0:
        tried = "any share" if outcome.game.pact.every_share else "the listed actions"
        return f"{regime.label} does not hold against {tried} on any terms"
    worst = regime.worst.replace(player=title(regime.worst.player), deviation=label(regime.worst.deviation))
    return f"{regime.label}, {regime.terms}: {worst.sentence(unit)}"


def after_run(done: Done) -> tuple[str, ...]:
    """Return the words: try the parameter closest to a flip; of a changed scenario, ask what the call must deliver."""
    analysis = done.analysis
    first = analysis.comparison.calls[0].name
    near = [even for even in analysis.break_evens if even.outcome == first and even.nearest is not None]
    if not near or analysis.scenario.changes:
        made = analysis.scenario.changes[len(load_scenario(done.origin).changes) :]
        return ("deliver", done.origin, *set_words([applied.change for applied in made]))
    closest = min(near, key=lambda even: (not even.plausible, even.distance))
    tried = closest.value + 1.1 * ((closest.nearest or 0.0) - closest.value)
    parameter = analysis.scenario.parameter(closest.path)
    shown = f"{tried:.3g}"
    if abs(float(shown) - tried) > NEAR * abs(tried - closest.value):  # three digits do not tell it from what stands
        shown = f"{tried:.12g}"
    if parameter.domain.startswith("[0, 1") and not 0 <= float(shown) <= 1:
        shown = f"{closest.nearest:.4g}"
    return ("run", done.origin, "--set", f"{closest.path}={shown}")


def set_words(changes: list[Change]) -> list[str]:
    """Return the words that make changes on a command line."""
    return [word for change in changes for word in ("--set", change.text())]
