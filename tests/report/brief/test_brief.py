"""The brief: every statement is borne out by the results of its run, whatever the numbers; and what a reader sees."""

import functools
import json
import re

import numpy as np
import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.errors import InputError
from negotiation.report.brief.page import brief_report, brief_text, statements
from negotiation.report.brief.statements import Claim, Statement
from negotiation.report.brief.words import money, quantity, verdict_of
from negotiation.report.document import Table
from negotiation.report.render import html, markdown
from negotiation.report.runs.results import results
from negotiation.report.runs.saved import canonical
from negotiation.trade.files.load import load_scenario
from negotiation.trade.parameters.changes import Change
from negotiation.trade.scenario.plausible_ranges import group_paths, plausible_ranges

QUICK = AnalysisOptions(quick=True)
GREEK = re.compile("[\u0370-\u03ff]")


@functools.cache
def analysed(name):
    return analyse(load_scenario(name), QUICK)


def random_scenario(rng, name):
    """Return a shipped scenario with all judged numbers drawn over their ranges, and some of its outcomes."""
    base = load_scenario(name)
    ranges = plausible_ranges(base)
    judged = [path for path in group_paths(base, "judgement") if path in ranges]
    while True:
        changes = [Change(path, "set", float(rng.uniform(*ranges[path]))) for path in judged]
        try:
            scenario = base.after(changes)
            for call in scenario.calls:
                scenario.after(call.changes)
        except InputError:
            continue
        chosen = [call.name for call in scenario.calls if rng.random() < 0.7]
        return scenario, tuple(chosen)


def contradictions(analysis):
    data = json.loads(canonical(results(analysis)))
    return [(each.text, claim) for each in statements(analysis) for claim in each.contradictions(data)]


@pytest.mark.parametrize("name", ["rollback-2025", "textbook"])
def test_no_statement_contradicts_the_results(name):
    analysis = analysed(name)
    assert contradictions(analysis) == []
    assert sum(len(each.claims) for each in statements(analysis)) > 5


def test_nor_with_other_numbers_and_fewer_outcomes():
    rng = np.random.default_rng(11)
    verdicts = set()
    for name in ("june-2025", "gallium-germanium"):
        scenario, chosen = random_scenario(rng, name)
        analysis = analyse(scenario, QUICK.replace(calls=chosen))
        assert contradictions(analysis) == []
        verdicts |= {row.holds for row in analysis.comparison.outcomes}
    assert verdicts == {True, False}


def test_a_false_statement_is_found():
    claim = Claim(("outcomes", 0, "joint"), "at least", 1.0)
    told = Statement("It pays.", (claim, Claim(("outcomes", 0, "holds"), "is", True)))
    assert told.contradictions({"outcomes": [{"joint": 0.5, "holds": True}]}) == (claim,)
    with pytest.raises(KeyError):
        told.contradictions({"outcomes": []})


@pytest.mark.parametrize("name", ["rollback-2025", "textbook"])
def test_what_the_reader_sees(name):
    analysis = analysed(name)
    report = brief_report(analysis, "0" * 8, "negotiation brief")
    text = markdown.render(report)
    assert not GREEK.search(text + brief_text(analysis))
    for word in ("stage Nash", "NaN", "None", "inf", "delta"):
        assert word not in text
    prose = " ".join([report.question, *report.answer, *(item for s in report.sections for b in s.blocks
                      if not isinstance(b, Table) for item in b.items)])  # fmt: skip
    assert len(prose.split()) <= 350
    (table,) = (block for section in report.sections for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == len(analysis.comparison.outcomes)
    assert len(html.render(report)) < 1_200_000


def test_between_45_and_55_of_100_it_is_a_toss_up():
    analysis = analysed("rollback-2025")
    row, share = analysis.comparison.outcomes[0], analysis.world.shares[0]
    assert [verdict_of(row, share.replace(holds=x)) for x in (0.44, 0.45, 0.55, 0.56)] == [
        "holds", "toss-up", "toss-up", "holds",
    ]  # fmt: skip
    assert verdict_of(row, None) == "holds"


def test_words_of_amounts():
    assert money(1.04, "USD bn/month") == "$1.0 billion a month"
    assert money(0.0049, "USD bn/month") == "less than $5 million a month"
    scenario = load_scenario("rollback-2025")
    assert quantity(0.6, scenario.parameter("politics.us.preferred_tariff")) == "60 per cent"
