"""The page says which of two numbers is given, what the other one then is, and what no longer follows."""

import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.report.document import Report
from negotiation.report.render.markdown import render
from negotiation.report.runs.results import results
from negotiation.report.sections.answer import answer
from negotiation.report.sections.numbers import changed_section, limits_section, numbers_section
from tests.report.runs.numbers_shown import as_written, schema_errors
from tests.stored import frozen


def page(*changes):
    analysis = analyse(frozen("rollback-2025").after(*changes), AnalysisOptions(quick=True, calls=("no_call",)))
    sections = (changed_section(analysis), numbers_section(analysis), limits_section(analysis))
    text = render(Report("t", "q", "s", answer(analysis), sections=tuple(filter(None, sections))))
    return text, as_written(results(analysis))


def test_the_preferred_tariff_and_leverage_given():
    text, data = page()
    assert "the tariff the US would choose is given, t\\* = 0.60" in text or "is given, t* = 0.60" in text
    assert "counts 2.67 dollars (λ = 1.67; at one dollar it would choose 10 %)" in text
    assert "the preferred tariff is set inside the window" in text
    assert "tied: " not in text
    assert {row["tied"] for row in data["parameters"].values()} == {None}


def test_the_weight_on_revenue_and_kappa_given():
    text, data = page("politics.us.revenue_weight=1.5", "minerals.leverage_per_damage*=1")
    assert "the weight on revenue is given, λ = 1.50: a dollar of tariff revenue counts 2.50 dollars" in text
    assert "= 0.57, inside its window" in text
    assert "Λ = 0.68 (tied: kappa x D(.40))" in text
    assert "politics.us.preferred\\_tariff follows from" in text or "politics.us.preferred_tariff follows from" in text
    assert "the weight on revenue is set so that the preferred tariff lies inside the window" in text
    assert schema_errors(data) == []
    assert data["parameters"]["minerals.leverage"]["tied"] == "tied: kappa x D(.40)"
    assert data["parameters"]["minerals.leverage"]["value"] == pytest.approx(0.68)
    assert data["parameters"]["minerals.leverage_per_damage"]["tied"] is None
