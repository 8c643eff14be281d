"""The shares of the uncertain world on the page: one sentence, one table, the numbers of the results."""

import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.report.sections.world import world_section, world_sentence


@pytest.fixture(scope="module")
def analysis(default_scenario):
    return analyse(default_scenario, AnalysisOptions(quick=True, calls=("no_call", "breakdown")))


def test_the_sentence_says_what_the_table_shows(analysis):
    (sentence,), (table,) = world_sentence(analysis), world_section(analysis).blocks
    for row, share in zip(table.rows, analysis.world.shares, strict=True):
        percent = f"{100 * share.holds:.0f} %"
        assert str(row[1]) == percent
        assert f"{percent} after {row[0]}" in sentence
    paths = analysis.world.shares[0].pair.paths
    assert f"`{paths[0]}`, `{paths[1]}`: both low" in table.rows[0][5]
    assert table.rows[1][4:] == ("", "")  # it holds nowhere: nothing separates


def test_nothing_is_said_where_nothing_varies(analysis):
    without = analysis.replace(world=None)
    assert world_sentence(without) == ()
    assert world_section(without) is None
