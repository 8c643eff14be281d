"""The main report, put together: first screen, sections in reading order, provenance."""

from __future__ import annotations

from negotiation._version import __version__
from negotiation.analysis.scenario_analysis import Analysis
from negotiation.calls.notices import punishment_notices
from negotiation.report.document import Report, Section, literal
from negotiation.report.figures.answer import answer_picture
from negotiation.report.sections.answer import answer, badges, flip, question
from negotiation.report.sections.call import call_sections, call_sentences
from negotiation.report.sections.changes import calls_section, changed_section
from negotiation.report.sections.distances import distances_section
from negotiation.report.sections.evidence import evidence_section
from negotiation.report.sections.game import game_section
from negotiation.report.sections.numbers import limits_section, numbers_section
from negotiation.report.sections.outcomes import hindsight_note, outcomes_section
from negotiation.report.sections.paths import paths_section, ripples_section
from negotiation.report.sections.payoff_space import payoff_section
from negotiation.report.sections.proof import proof_section
from negotiation.report.sections.regimes import regimes_section
from negotiation.report.sections.signals import signals_section
from negotiation.report.words import count_text


def checked(analysis: Analysis) -> str:
    """Return what was checked, and how, in a few words."""
    regimes = sum(one.regime.holds for one in analysis.proven)
    sets = sum(one.checked for one in analysis.proven)
    if not analysis.proven:
        return "one-shot deviations, in doubles"
    return f"exactly: {count_text(regimes, 'regime')}" + (
        f", {count_text(sets, 'pair')} of payoff sets" if sets else ""
    )


def _doubts(analysis: Analysis) -> list[str]:
    """Return what the first screen says of the punishment that every verdict rests on, where it is no equilibrium."""
    return [literal(f"{words[0].upper()}{words[1:]}.") for words in punishment_notices(analysis.base.pact)]


def early_sections(analysis: Analysis) -> tuple[Section, ...]:
    """Return the sections that need no break-evens: they can be drawn while those are still being computed."""
    sections = [
        changed_section(analysis),
        calls_section(analysis),
        outcomes_section(analysis),
        game_section(analysis),
        payoff_section(analysis),
        proof_section(analysis),
        signals_section(analysis),
        evidence_section(analysis),
        regimes_section(analysis),
        paths_section(analysis),
        ripples_section(analysis),
        *call_sections(analysis),
    ]
    return tuple(section for section in sections if section is not None)


def main_report(analysis: Analysis, digest: str, command: str, drawn: tuple[Section, ...] | None = None) -> Report:
    """Return the report of an analysis; `digest` names the run, `command` reproduces it.

    drawn: the early sections, where they have been drawn already.
    """
    scenario = analysis.scenario
    first = early_sections(analysis) if drawn is None else drawn
    sections = (*first, distances_section(analysis), numbers_section(analysis), limits_section(analysis))
    note = hindsight_note(analysis)
    return Report(
        scenario.title,
        question(analysis),
        scenario.description.strip(),
        (*answer(analysis), *_doubts(analysis), *call_sentences(analysis), *(() if note is None else (note.text,))),
        answer_picture(analysis),
        flip(analysis),
        badges(analysis, digest, checked(analysis)),
        sections,
        (
            ("scenario", f"`{scenario.name}`, as of {scenario.as_of}"),
            ("run digest", f"`{digest}`"),
            ("scenario digest", f"`{scenario.digest()[:16]}`"),
            ("changes", "; ".join(f"`{item.sentence()}`" for item in scenario.changes) or "none"),
            ("seed", str(analysis.options.seed)),
            ("negotiation", __version__),
            ("reproduce", f"`{command}`"),
        ),
    )
