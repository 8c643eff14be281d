"""Verdicts under other structures: each is the whole analysis of the scenario so changed."""

import math

import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.calls.outcomes.structural_variants import structural_variants
from negotiation.trade.files.damage_calibrations import damage_calibrations
from negotiation.trade.files.load import load_scenario
from tests.stored import frozen


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("rollback-2025")


@pytest.fixture(scope="module")
def variants(scenario):
    return structural_variants(scenario, scenario.calls)


def test_each_verdict_is_that_of_the_changed_scenario(scenario, variants):
    for variant in variants[2::3]:
        changed = scenario.after(variant.changes)
        for verdict in variant.verdicts:
            outcome = analyse_outcome(changed, changed.call(verdict.outcome), best_sets=False)
            assert verdict.holds == outcome.holds
            assert verdict.joint == pytest.approx(sum(outcome.values), abs=1e-9)
            if verdict.holds and outcome.call.regime != "compensation":
                assert verdict.length == outcome.selected.length
            if verdict.holds and outcome.call.regime == "compensation":
                assert verdict.payment == pytest.approx(outcome.selected.payment, abs=1e-9)


def test_structures_are_those_asked_for(scenario, variants):
    assert variants[0].changes == ()
    assert [change.text() for change in variants[1].changes] == ["china_choice=listed"]
    assert [change.path for change in variants[2].changes] == ["monitoring.delay_seen_by_china"]
    lasting, read = "monitoring.delay_stay=0.629", "monitoring.delay_published=2.0"
    assert [[change.text() for change in variant.changes] for variant in variants[3:6]] == [
        [lasting],
        [read],
        [lasting, read],
    ]
    outputs = {change.value for variant in variants for change in variant.changes if change.path.endswith("output")}
    named = {study.name: study.dependent_output for study in damage_calibrations()}
    assert outputs == {named[name] for name in ("low", "ecb-least", "ecb-most", "high")}
    follows, stays = variants[6:8]
    base = scenario.value("minerals.leverage")
    assert scenario.after(stays.changes).value("minerals.leverage") == base
    assert scenario.after(follows.changes).value("minerals.leverage") < base / 100


def test_one_verdict_turns_on_the_study_when_leverage_follows(variants):
    """With hardly any damage no tariff is answered; with the most, China is always tempted."""
    by_title = {variant.title: [verdict.holds for verdict in variant.verdicts] for variant in variants}
    assert any(holds[0] for holds in by_title.values())
    assert not all(holds[0] for holds in by_title.values())


def test_where_the_studies_do_not_apply_only_the_choice_varies():
    other = load_scenario("gallium-germanium")
    assert len(structural_variants(other, other.calls)) == 6
    listed = frozen("rollback-2025")
    titles = [variant.title for variant in structural_variants(listed, listed.calls)]
    assert titles == [
        "as it stands",
        "China chooses any share",
        "China sees whether there is a delay before it chooses",
        "a delay lasts into the next month with chance 0.629",
        "the clause reads a register of delays",
        "delays last, and the clause reads a register of them",
    ]
    assert structural_variants(frozen("textbook"), frozen("textbook").calls) == ()
    assert math.isfinite(structural_variants(other, other.calls)[1].verdicts[0].joint)
