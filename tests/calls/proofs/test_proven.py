"""What is proven of a call outcome: exact checks of regimes, sets that hold what they must, and the report's words."""

import numpy as np
import pytest

from negotiation.analysis.scenario_analysis import AnalysisOptions, analyse
from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.proofs.proven import prove, regime_proof
from negotiation.report.figures.equilibria import equilibrium_payoffs
from negotiation.report.sections.proof import proof_section
from negotiation.solve.public.enforceability import Answer
from negotiation.verify.checker import check
from tests.stored import frozen


@pytest.fixture(scope="module")
def outcomes(default_scenario):
    return [analyse_outcome(default_scenario, call, best_sets=False) for call in default_scenario.calls]


@pytest.fixture(scope="module")
def analysis():
    return analyse(frozen("textbook"), AnalysisOptions(calls=("no_call",), paths=20, months=6))


def test_selected_regimes_are_equilibria_in_exact_arithmetic(outcomes):
    for outcome in outcomes:
        certificate, verdict = regime_proof(outcome)
        assert verdict.holds, verdict.failure
        assert check(certificate) == verdict


def test_a_regime_that_does_not_hold_fails_the_exact_check_too(default_scenario):
    call = default_scenario.call("breakdown").replace(regime="mutual_reversion")
    outcome = analyse_outcome(default_scenario, call, best_sets=False)
    assert not outcome.holds
    _, verdict = regime_proof(outcome)
    assert not verdict.holds
    assert "gains" in verdict.failure


def test_the_sets_hold_war_and_the_values_of_regimes_without_money(outcomes):
    one, pact = prove(outcomes[0]), outcomes[0].game.pact
    assert one.first_month is Answer.PROVEN_YES
    points = [pact.stage.payoff(pact.punishment)]
    points += [regime.values for regime in outcomes[0].regimes if regime.holds and not regime.payment]
    assert len(points) > 2
    assert one.solution.outer[0].distances(np.array(points)).max() < 1e-9
    low, high = one.best_joint
    # printed with the model: no pure public equilibrium gives more than -.010 together
    assert low <= high <= -0.010


def test_the_section_says_what_was_checked_and_what_was_not(analysis):
    section = proof_section(analysis)
    words = " ".join(block.text for block in section.blocks if hasattr(block, "text"))
    assert "Checked exactly: 1 of 1 selected regimes" in words
    assert "--certify" in words
    assert proof_section(analysis.replace(proven=())) is None
    figure = equilibrium_payoffs(analysis.comparison, analysis.proven)
    assert {row[1] for row in figure.data.rows} >= {"inner", "outer", "nash, threat: worst equilibrium"}
