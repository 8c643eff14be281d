"""The main report and its run: first screen, sections in reading order, provenance."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negotiation._version import __version__
from negotiation.analysis.call_answers import historical_chances
from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions, Start, analyse
from negotiation.calls.agreement.requirements import Progress
from negotiation.calls.notices import punishment_notices
from negotiation.report.document import Report, Section, literal
from negotiation.report.figures.answer import answer_picture
from negotiation.report.runs.results import results
from negotiation.report.runs.write import Published, publish
from negotiation.report.sections.answer import answer, badges, flip, hindsight, life_sentence, overtaken
from negotiation.report.sections.call_game import call_game_section
from negotiation.report.sections.deliver import deliver_section, deliver_sentence
from negotiation.report.sections.distances import distances_section
from negotiation.report.sections.evidence import evidence_section
from negotiation.report.sections.game import game_section, payoff_section
from negotiation.report.sections.numbers import calls_section, changed_section, limits_section, numbers_section
from negotiation.report.sections.outcomes import outcomes_section
from negotiation.report.sections.paths import paths_section, ripples_section
from negotiation.report.sections.proof import proof_section
from negotiation.report.sections.regimes import regimes_section
from negotiation.report.sections.signals import signals_section
from negotiation.report.sections.world import structure_section, world_section, world_sentence
from negotiation.report.sections.worth import worth_section
from negotiation.trade.scenario.scenario import Scenario

MAIN_JOB = "call_outcomes"


@dataclass(frozen=True, kw_only=True)
class Done(Published):
    """A finished main job with its analysis, and how the user named the scenario."""

    analysis: Analysis
    origin: str


def _shipments_section(analysis: Analysis) -> Section | None:
    return None if analysis.shipments is None else evidence_section(analysis.shipments, analysis.scenario)


def _call_section(analysis: Analysis) -> Section | None:
    if analysis.call is None:
        return None
    call, rates = analysis.call, historical_chances(analysis.scenario)
    return call_game_section(analysis.scenario, call.thresholds, call.game, call.fragile, rates)


def _deliver_section(analysis: Analysis) -> Section | None:
    call = analysis.call
    return None if call is None or call.delivery is None else deliver_section(call.delivery)


def _worth_section(analysis: Analysis) -> Section | None:
    call = analysis.call
    return None if call is None or call.worth is None else worth_section(call.worth)


Sections = dict[str, Section | None]
# in reading order, and those that can be drawn while the other half of the analysis is still being computed
SECTIONS: dict[str, Callable[[Analysis], Section | None]] = {
    "changed": changed_section,
    "calls": calls_section,
    "outcomes": outcomes_section,
    "world": world_section,
    "structure": structure_section,
    "game": game_section,
    "payoffs": payoff_section,
    "proof": proof_section,
    "signals": signals_section,
    "evidence": _shipments_section,
    "regimes": regimes_section,
    "paths": paths_section,
    "ripples": ripples_section,
    "call": _call_section,
    "deliver": _deliver_section,
    "worth": _worth_section,
    "distances": distances_section,
    "numbers": numbers_section,
    "limits": limits_section,
}
EARLY = ("changed", "calls", "outcomes", "game", "payoffs", "proof", "signals", "evidence", "ripples")
EARLY_BESIDE = ("paths", "regimes")


def early_sections(analysis: Analysis, start: Start) -> Sections:
    """Return the sections that need half of the analysis only: drawn, here and beside, while the rest is computed."""
    beside = {name: start(SECTIONS[name], analysis) for name in EARLY_BESIDE}
    return {**{name: SECTIONS[name](analysis) for name in EARLY}, **{name: fetch() for name, fetch in beside.items()}}


def main_report(analysis: Analysis, digest: str, command: str, drawn: Sections | None = None) -> Report:
    """Return the report of an analysis; `digest` names the run, `command` reproduces it.

    drawn: the early sections, where they have been drawn already.
    """
    scenario, call, drawn = analysis.scenario, analysis.call, drawn or {}
    sections = (drawn[name] if name in drawn else draw(analysis) for name, draw in SECTIONS.items())
    deal = "/".join(scenario.deal).replace("_", "-")
    # where the punishment that every verdict rests on is no equilibrium, the first screen says so
    doubts = [literal(f"{words[0].upper()}{words[1:]}.") for words in punishment_notices(analysis.base.pact)]
    demand = () if call is None or call.delivery is None else (deliver_sentence(call.delivery),)
    return Report(
        title=scenario.title,
        question=f"Will the deal ({deal}) enforce itself, and after which call outcome?",
        subtitle=scenario.description.strip(),
        answer=(
            *answer(analysis),
            *life_sentence(analysis),
            *world_sentence(analysis),
            *doubts,
            *demand,
            *hindsight(analysis),
            *overtaken(scenario),
        ),
        picture=answer_picture(analysis),
        flip=flip(analysis),
        badges=badges(analysis, digest),
        sections=tuple(section for section in sections if section is not None),
        provenance=(
            ("scenario", f"`{scenario.name}`, as of {scenario.as_of}"),
            ("run digest", f"`{digest}`"),
            ("scenario digest", f"`{scenario.digest()[:16]}`"),
            ("changes", "; ".join(f"`{change.sentence()}`" for change in scenario.changes) or "none"),
            ("seed", str(analysis.options.seed)),
            ("negotiation", __version__),
            ("reproduce", f"`{command}`"),
        ),
    )


def run_main(
    scenario: Scenario,
    options: AnalysisOptions | None = None,
    out: Path | None = None,
    origin: str = "",
    progress: Progress | None = None,
    analysis: Analysis | None = None,
) -> Done:
    """Analyse every call outcome of a scenario and write the report.

    origin: how the user named the scenario. analysis: that with these options, where it has been made before.
    """
    options = options or AnalysisOptions()
    origin = origin or scenario.name
    command = main_command(scenario, options, origin)
    analyses: list[Analysis] = []

    def build(digest: str) -> tuple[Report, Mapping[str, Any]]:
        drawn: list[Sections] = []
        whole = analysis or analyse(scenario, options, progress, lambda *half: drawn.append(early_sections(*half)))
        analyses.append(whole)
        return main_report(whole, digest, command, *drawn), results(whole)

    settings = {"calls": options.calls, "paths": options.paths, "months": options.months, "quick": options.quick}
    settings |= {"certify": True} if options.certify else {}
    done = publish(MAIN_JOB, scenario, settings, build, seed=options.seed, out=out, command=command)
    return Done(**vars(done), analysis=analyses[0], origin=origin)


def main_command(scenario: Scenario, options: AnalysisOptions, origin: str) -> str:
    """Return the command that reproduces a main run."""
    words = [word for applied in scenario.changes for word in ("--set", applied.change.text())]
    words += [word for name in options.calls for word in ("--call", name)]
    words += ["--seed", str(options.seed)] if options.seed != AnalysisOptions().seed else []
    words += ["--quick"] if options.quick else []
    words += ["--certify"] if options.certify else []
    return shlex.join(["negotiation", "run", origin, *words])
