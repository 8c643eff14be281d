"""What the first screen says of costs agrees with the outcomes: a gain over the deal is no loss below zero."""

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.report.sections.answer import answer
from negotiation.trade.files.load import load_scenario


def test_a_loss_below_zero_is_called_a_gain():
    """Where a snapback pays the two more than the deal kept smoothly: elastic demand after a partial concession."""
    options = AnalysisOptions(quick=True, calls=("no_call", "partial_concession"))
    analysis = analyse(load_scenario("rollback-2025").set("tariffs.us.demand_elasticity", 2.5), options)
    losses = [outcome.loss for outcome in analysis.comparison.outcomes if outcome.holds]
    costs = answer(analysis)[1]
    assert "lose −" not in costs
    assert "−" not in costs
    assert ("and gain " in costs) == (len(losses) > 1 and min(losses) < 0)
    assert min(losses) < 0
