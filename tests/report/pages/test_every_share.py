"""Beside every listed verdict, whether it stands against every share: in tables, captions, clauses, terminal, deliver.

Which share pays, and by how much, is recomputed from scratch in `tests/solve/regimes/test_shares.py`.
"""

import re
from types import SimpleNamespace

import pytest

from negotiation.calls.agreement.automaton import package_share
from negotiation.calls.agreement.requirements import requirements
from negotiation.calls.agreement.text import every_share_words
from negotiation.cli.answer_text import answer_text
from negotiation.report.document import Report
from negotiation.report.figures.automaton import automaton_picture
from negotiation.report.render.markdown import render
from negotiation.report.sections.outcomes import outcome_table, regime_table
from negotiation.report.sections.regimes import regimes_section
from negotiation.solve.regimes.analysis import OWN
from negotiation.trade.files.load import load_scenario
from tests.report.pages.test_rules import analysed
from tests.stored import STORED, frozen

# the share that is withheld in war: .4, or nearly the one that pays most there, so that the punishment stands
OWN_RULE = """
extends = "{base}"
drop = ["calls.breakdown", "calls.full_restoration"]
other_calls = "in_proportion"
actions.china.slow_walk.withheld = {share}
pledges.china_audience_cost = 0.4

[[regimes]]
name = "grim"
deviation = "war"
states = [
  {{ name = "good", play = ["keep", "license"], on = {{ "<.25" = "war", default = "good" }} }},
  {{ name = "war", play = ["partial", "slow_walk"], on = {{ default = "war" }} }},
]
"""


@pytest.fixture(scope="module", params=["0.4", "0.48531", "textbook"])
def analysis(request, tmp_path_factory):
    if request.param == "textbook":
        return analysed(frozen("textbook"))
    file = tmp_path_factory.mktemp("every") / "mine.toml"
    file.write_text(OWN_RULE.format(base=STORED / "frozen" / "rollback-2025.toml", share=request.param))
    found = analysed(load_scenario(file))
    holding = [regime for row in found.comparison.calls for regime in row.outcome.regimes if regime.holds]
    assert {stands(regime) for regime in holding} == ({False} if request.param == "0.4" else {True, False})
    assert any(regime.trigger_rule == OWN for regime in holding)
    return found


def stands(regime):
    """Return whether a rule holds against every share, None where there are none beside the listed actions."""
    return None if regime.share is None else regime.holds and regime.share.gain <= 1e-6


def column(table, name):
    place = [head.name for head in table.columns].index(name)
    return [row[place] for row in table.rows]


def test_tables_mark_what_stands(analysis):
    outcomes = [row.outcome for row in analysis.comparison.calls]
    rules = [regime for outcome in outcomes for regime in outcome.regimes]
    wanted = [None if regime.key == "stage_nash" else stands(regime) for regime in rules]
    assert column(regime_table(outcomes), "against every share") == wanted
    for outcome, told in zip(outcomes, column(outcome_table(analysis.comparison), "against every share"), strict=True):
        assert told == (stands(outcome.selected) and outcome.holds)


def test_captions_and_clauses_say_what_stands(analysis):
    for row in analysis.comparison.calls:
        for regime in row.outcome.regimes:
            caption = automaton_picture("a", regime, row.outcome.game).caption
            assert ("no player gains by a deviation in any state" in caption) == (
                regime.holds and stands(regime) is not False
            )
            assert ("whatever share is withheld" in caption) == (stands(regime) is True)
            assert ("does not hold against every share" in caption) == (regime.holds and stands(regime) is False)
    page = render(Report("t", "q", "", ("a",), sections=(regimes_section(analysis),)))
    doubted = [
        row.outcome.selected
        for row in analysis.comparison.calls
        if row.outcome.holds and stands(row.outcome.selected) is False
    ]
    needs = re.findall(
        r"these terms suffice; against every share .*?, (?:it needs T = (\d+)|nothing of this kind)", page
    )
    assert needs == ["" if r.finely_needed is None else f"{r.finely_needed:.0f}" for r in doubted]
    own = [r for row in analysis.comparison.calls for r in row.outcome.regimes if r.trigger_rule == OWN and r.holds]
    assert page.count("; it holds against every share too") == sum(stands(regime) is True for regime in own)
    assert page.count("; but not against every share") == sum(stands(regime) is False for regime in own)


def test_the_terminal_says_what_stands(analysis):
    done = SimpleNamespace(analysis=analysis, digest="d", seconds=1.0, page="p", origin="textbook")
    lines = answer_text(done, {}).splitlines()
    for row in analysis.comparison.calls:
        line = next(line for line in lines if line[4:].startswith(f"{row.outcome.call.label}: "))
        verdict = stands(row.outcome.selected) if row.outcome.holds else None
        assert ("; against every share too" in line) == (verdict is True)
        assert ("; not against every share: " in line) == (verdict is False)


def test_a_package_says_what_it_deters(analysis):
    needed = requirements(analysis.scenario, pairs=False)
    share = None if needed.together is None else package_share(needed.problem, needed.together)
    said = every_share_words(needed)
    assert ("holds against every share" in said) == (share is not None and share.gain <= 1e-6)
    assert ("not every share" in said) == (share is not None and share.gain > 1e-6)
