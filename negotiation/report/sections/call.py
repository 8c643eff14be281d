"""The call itself in the main report: one sentence on the first screen, and three sections."""

from __future__ import annotations

from negotiation.analysis.base_rates import historical_chances
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.report.document import Section
from negotiation.report.sections.call_game import call_game_section
from negotiation.report.sections.deliver import deliver_section, deliver_sentence
from negotiation.report.sections.worth import worth_section


def call_sentences(analysis: Analysis) -> tuple[str, ...]:
    """Return the sentence of the first screen: what this call would have to deliver."""
    found = analysis.call
    return () if found is None or found.delivery is None else (deliver_sentence(found.delivery),)


def call_sections(analysis: Analysis) -> tuple[Section, ...]:
    """Return what can be said on the call, what it must deliver, and what it is worth."""
    found = analysis.call
    if found is None:
        return ()
    scenario = analysis.scenario
    rates = historical_chances(scenario)
    sections = [call_game_section(scenario, found.thresholds, found.game, found.fragile, rates)]
    if found.delivery is not None:
        sections.append(deliver_section(found.delivery))
    if found.worth is not None:
        sections.append(worth_section(found.worth))
    return tuple(sections)
