"""The clause of each selected regime: what it says can be written down, and nothing in it is empty."""

import pytest

from negotiation.calls.outcomes.outcome import analyse_outcomes
from negotiation.report.sections.regimes import _terms
from negotiation.trade.files.load import embedded_scenarios, load_scenario


@pytest.mark.parametrize("name", embedded_scenarios())
def test_no_term_of_a_clause_is_empty(name):
    for outcome in analyse_outcomes(load_scenario(name), best_sets=False):
        for regime in outcome.regimes:
            terms = dict(_terms(outcome, regime))
            assert all(text.strip() for text in terms.values()), terms
            assert ("threshold" in terms) == bool(regime.trigger) or not terms
