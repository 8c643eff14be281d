"""The sections on the call: they draw for every scenario, and their words follow from the numbers."""

import re

import pytest

from negotiation.analysis.call_answers import call_answers, historical_chances
from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.calls.signalling.outcome_probabilities import ProbabilityRange
from negotiation.calls.value.information_value import information_value, review_blocks
from negotiation.report.document import Report
from negotiation.report.figures.deliver_map import ENFORCED, IMPOSSIBLE, OPEN, POSSIBLE, deliver_map
from negotiation.report.render.html import render
from negotiation.report.render.markdown import render as render_markdown
from negotiation.report.sections.call_game import call_game_section
from negotiation.report.sections.deliver import deliver_section, deliver_sentence
from negotiation.report.sections.worth import information_section, worth_section, worth_sentence
from negotiation.trade.files.load import load_scenario


def sections(scenario, base_rates=None):
    outcomes = analyse_outcomes(scenario, best_sets=False)
    found = call_answers(scenario, outcomes)
    parts = [call_game_section(scenario, found.thresholds, found.game, found.fragile, base_rates)]
    parts += [deliver_section(found.delivery)] if found.delivery is not None else []
    parts += [worth_section(found.worth)] if found.worth is not None else []
    parts.append(
        information_section(information_value(scenario), review_blocks(outcomes[0].game.pact), scenario.players)
    )
    return found, tuple(parts)


@pytest.mark.parametrize("name", ["rollback-2025", "gallium-germanium", "textbook"])
def test_every_scenario_gives_a_page(name):
    scenario = load_scenario(name)
    _, parts = sections(scenario)
    report = Report("t", "q", "s", ("a",), sections=parts)
    page, text = render(report), render_markdown(report)
    assert "nan" not in text.split()
    assert "NaN" not in re.sub("<script.*?</script>", "", page, flags=re.DOTALL)
    assert len(page) < 1_000_000
    if name == "textbook":
        assert "China" not in deliver_sentence(sections(scenario)[0].delivery)


def test_words_follow_from_numbers(default_scenario):
    found, parts = sections(default_scenario, {"breakdown": ProbabilityRange(0.2, 0.1, 0.35, "cases")})
    text = render_markdown(Report("t", "q", "s", ("a",), sections=parts))
    assert "0.20 (0.10 to 0.35)" in text
    assert "need not tell who China is" in text
    assert "After breakdown, where trust is needed" in text
    assert found.fragile[0] == "breakdown"
    assert "nothing new" in deliver_sentence(found.delivery)
    sentence = worth_sentence(found.worth)
    assert f". US {found.worth.wants(0)}, China {found.worth.wants(1)}" in sentence
    assert sentence.startswith("The call pays, against none at all, for US where a breakdown is less likely than")
    assert "the US loses by it under compensation and snapback for a month" in text


def test_the_first_screen_says_what_the_call_must_deliver(default_scenario):
    from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
    from negotiation.report.pages.main import main_report

    strained = default_scenario.after(default_scenario.call("breakdown").changes)
    report = main_report(analyse(strained, AnalysisOptions(quick=True, calls=("no_call",))), "d", "c")
    assert any("the call must deliver" in sentence for sentence in report.answer)
    keys = [section.key for section in report.sections]
    assert {"call-game", "deliver"} <= set(keys)
    assert "worth" not in keys  # one outcome alone is worth nothing more than itself


def test_map():
    kinds = [[IMPOSSIBLE, OPEN], [POSSIBLE, ENFORCED]]
    figure = deliver_map("m", [0.0, 0.5], [0.0, 1.0], kinds, x_title="v", y_title="a", caption="c")
    assert figure.svg.count("✓") or "1 cells" in figure.alt
    assert [row[0] for row in figure.data.rows] == [0.0, 1.0]
    for kind in (IMPOSSIBLE, OPEN, POSSIBLE, ENFORCED):
        assert any(kind in row for row in figure.data.rows)


def test_base_rates_of_the_record_stand_beside(default_scenario):
    """Of five leaders' contacts whose 30 days were over, two broke down; no contact within 90 days one time in two."""
    chances = historical_chances(default_scenario)
    assert set(chances) == {call.name for call in default_scenario.calls}
    assert sum(chance.value for chance in chances.values()) == pytest.approx(1)
    assert all(chance.low <= chance.value <= chance.high for chance in chances.values())
    assert chances["breakdown"].basis == "2 of 5"
    # (1 - quiet) (2 + 1/2) / (5 + 2)
    assert chances["breakdown"].value == pytest.approx((1 - chances["no_call"].value) * 2.5 / 7)
    assert chances["clarification"].value < chances["breakdown"].value
