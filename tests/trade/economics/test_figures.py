"""Both published figures as one signal: against quadrature and draws, and as an option of a scenario."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from negotiation.calls.notices import scenario_warnings
from negotiation.calls.outcomes.trigger_clause import trigger_words
from negotiation.errors import InputError
from negotiation.solve.regimes.analysis import BEST_SET, analyse_regimes
from negotiation.solve.regimes.search import trigger_masks
from negotiation.trade.economics.shipment_signal import ShipmentSignal
from negotiation.trade.economics.two_figures import TwoFigures, bivariate_normal
from negotiation.trade.files.load import load_scenario
from negotiation.trade.files.write import scenario_toml
from negotiation.trade.game.build import build_game, build_pact, pact_batch
from negotiation.trade.parameters.changes import Change
from negotiation.trade.parameters.labels import VERIFIED
from negotiation.trade.scenario.parameter_columns import ParameterColumns
from tests.stored import frozen
from tests.trade.files.bad_files import AUTOMATON

EDGES = (0.25, 0.5, 0.8, 0.9)
US = ShipmentSignal(delay_probability=0.2, delay_min=0.15, delay_max=0.95, noise=0.1, verification=0.6, edges=EDGES)
BOTH = TwoFigures(US, 0.75, 0.13)
SHARES = np.array([0.0, 0.0, 0.4, 0.4, 0.9, 1.0, 1.0]), np.array([0.0, 0.4, 0.0, 0.4, 0.0, 0.0, 1.0])


@pytest.fixture(scope="module")
def two():
    """Return the shipped scenario that reads both figures."""
    return frozen("two-figures-2025")


def after(scenario, *texts):
    return scenario.after([Change.parse(text) for text in texts])


NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
PANELS = 60


def by_quadrature(model, x, e, level):
    """P(y < level, y_o < line | x, e) by composite Gauss-Legendre in log(1 - d); verification left out."""
    ends = np.linspace(np.log(1 - model.us.delay_max), np.log(1 - model.us.delay_min), PANELS + 1)
    half = (ends[1] - ends[0]) / 2
    logs = ((ends[:-1] + half)[:, None] + half * NODES).ravel()
    width = model.us.delay_max - model.us.delay_min
    late = np.tile(WEIGHTS, PANELS) * half * np.exp(logs) / width
    weights = np.concatenate([[1 - model.us.delay_probability], model.us.delay_probability * late])
    delays = np.concatenate([[0.0], -np.expm1(logs)])

    def below(line, share, sigma):
        return norm.cdf((np.log(line / ((1 - share) * (1 - delays))) + sigma**2 / 2) / sigma)

    return weights @ (below(level, x, model.us.noise) * below(model.others_trigger, e, model.others_noise))


shares = st.floats(0, 0.97)
noises = st.floats(0.02, 0.4)


@given(x=shares, e=shares, noise=noises, others=noises, line=st.floats(0.05, 1.4), q=st.floats(0, 0.9))
def test_pairs_equal_quadrature_and_add_up_to_the_us_figure(x, e, noise, others, line, q):
    model = TwoFigures(
        ShipmentSignal(delay_probability=q, delay_min=0.15, delay_max=0.95, noise=noise, verification=0.0, edges=EDGES),
        line,
        others,
    )
    rows = model.likelihood(np.array([x]), np.array([e]))
    pairs = rows[0, :-1].reshape(-1, 2)
    assert pairs.sum(axis=1) == pytest.approx(model.us.likelihood(np.array([x]))[0, :-1], abs=1e-15)
    assert rows.sum() == pytest.approx(1, abs=1e-14)
    found = np.cumsum(pairs[:, 1])[:4]
    assert found == pytest.approx([by_quadrature(model, x, e, edge) for edge in EDGES], abs=1e-9)


def test_nothing_shipped_is_the_lowest_bin_whatever_the_others_do():
    rows = BOTH.likelihood(*SHARES)
    assert rows[5, :2].sum() == 1
    assert rows[5, 1] == pytest.approx(BOTH.likelihood(np.zeros(1), np.zeros(1))[0, 1:10:2].sum() + _verified_low())
    assert rows[6].tolist() == [0, 1, *([0] * 9)]


def _verified_low():
    """P(others low and the delay verified): what verification takes out of the low pairs when nothing is withheld."""
    late = ShipmentSignal(
        delay_probability=1.0, delay_min=0.15, delay_max=0.95, noise=0.13, verification=0.0, edges=(0.75,)
    ).likelihood(np.zeros(1))[0, 0]
    return US.delay_probability * US.verification * late


def test_a_delay_is_verified_only_while_nothing_is_withheld_anywhere():
    assert BOTH.likelihood(*SHARES)[:, -1].tolist() == pytest.approx([0.12, 0, 0, 0, 0, 0, 0])
    assert US.likelihood(np.array([0.0]), np.array([0.4]))[0, -1] == 0


def test_draws_follow_the_likelihood():
    rng = np.random.default_rng(11)
    for x, e in zip(*SHARES, strict=True):
        signals, shipped, _ = BOTH.draw(np.full(100_000, x), np.full(100_000, e), rng)
        counts = np.bincount(signals, minlength=11) / 100_000
        assert counts == pytest.approx(BOTH.likelihood(np.array([x]), np.array([e]))[0], abs=0.006)
        assert shipped.min() >= 0


def test_without_a_line_there_is_the_us_figure_alone():
    alone = TwoFigures(US, 0.0, 0.13)
    assert not alone.both
    assert (alone.likelihood(*SHARES) == US.likelihood(*SHARES)).all()
    signals, shipped, _ = alone.draw(*SHARES, np.random.default_rng(1))
    bins = np.searchsorted(np.array(US.edges), shipped, side="right")
    assert ((signals == bins) | (signals == len(US.edges) + 1)).all()


def test_columns_are_points_one_by_one():
    """A line of 0 in a column gives pairs of which the second never occurs."""
    lines, noise = np.array([0.0, 0.6, 0.9])[:, None], np.array([0.05, 0.1, 0.3])[:, None]
    many = TwoFigures(
        ShipmentSignal(
            delay_probability=np.full((3, 1), 0.2),
            delay_min=0.15,
            delay_max=0.95,
            noise=noise,
            verification=0.6,
            edges=EDGES,
        ),
        lines,
        noise,
    ).likelihood(*SHARES)
    assert many.shape == (3, 7, 11)
    assert (many[0, :, 1:10:2] == 0).all()
    for n in (1, 2):
        sigma = float(noise[n, 0])
        one = TwoFigures(
            ShipmentSignal(
                delay_probability=0.2, delay_min=0.15, delay_max=0.95, noise=sigma, verification=0.6, edges=EDGES
            ),
            float(lines[n, 0]),
            sigma,
        )
        assert many[n] == pytest.approx(one.likelihood(*SHARES), abs=1e-15)


@given(h=st.floats(-6, 6), k=st.floats(-6, 6), rho=st.floats(0, 0.99))
def test_bivariate_normal(h, k, rho):
    want = multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([h, k])
    assert float(bivariate_normal(np.array(h), np.array(k), rho)) == pytest.approx(want, abs=1e-7)


def test_the_way_round_costs_sales_and_anger_elsewhere(two):
    """x = e = .4: .05 x .4 x 6.42 of sales and .4 of the anger more than a slow-walk; the US is hurt the same."""
    game = build_game(after(two, "minerals.others_anger=0.5"))
    payoffs = game.pact.stage.payoffs
    slow, everyone = (two.actions[1].index(name) for name in ("slow_walk", "slow_walk_everyone"))
    assert payoffs[1, :, slow] - payoffs[1, :, everyone] == pytest.approx(0.05 * 0.4 * 6.42 + 0.5 * 0.4)
    assert (payoffs[0, :, slow] == payoffs[0, :, everyone]).all()
    assert {"sales forgone elsewhere", "others' anger"} <= {part.name for part in game.parts}
    for player in (0, 1):
        assert sum(p.values for p in game.parts if p.player == player) == pytest.approx(payoffs[player], abs=1e-12)


def test_what_is_withheld_from_everyone_reaches_third_parties(two, default_game):
    """At least with e: slow-walking everyone costs the EU and India what a slow-walk does where controls are global."""
    game = build_game(two)
    at = two.actions[1].index("slow_walk_everyone")
    assert game.real[2:, :, at] == pytest.approx(default_game.real[2:, :, 1])
    assert game.real[2:, 0, 1] == pytest.approx(0)
    leaky = build_game(after(two, "third_parties.eu.exposure=1"))
    assert leaky.real[2, :, at] == pytest.approx(game.real[2, :, at])


def test_the_threshold_trigger_counts_or_excuses_common_lows(two):
    """Counted, the US figure alone decides, as in the default; excused, only a low month for the US alone does."""
    counted, excused = build_pact(two), build_pact(after(two, "monitoring.common_trigger=0"))
    assert len(counted.trigger) == 6
    assert excused.trigger == tuple(name for name in counted.trigger if name.endswith("others normal"))
    low = counted.monitoring.likelihood[0] @ counted.mask(counted.trigger)
    default = build_pact(frozen("rollback-2025"))
    same = default.monitoring.likelihood[0] @ default.mask(default.trigger)
    assert low[[0, 1, 3]] == pytest.approx(same, abs=1e-14)
    assert VERIFIED not in counted.eligible
    assert len(trigger_masks(counted.replace(fine=None))) > 100  # every set of the ten pairs is tried


def test_unlisted_shares_go_round_too(two):
    """The fine grid holds shares withheld from the US alone and from everyone, with the payoffs of listed actions."""
    game = build_game(two)
    fine, stage = game.pact.fine, game.pact.stage
    levels = {(round(x, 9), round(e, 9)) for x, e in zip(fine.levels, fine.beside, strict=True)}
    assert {(0.4, 0.0), (0.4, 0.4), (0.3, 0.1)} <= levels
    for index, (x, e) in enumerate(zip(game.withheld, game.elsewhere, strict=True)):
        at = int((np.abs(fine.levels - x) + np.abs(fine.beside - e)).argmin())
        assert fine.payoffs[:, at] == pytest.approx(stage.payoffs[1, :, index], abs=1e-9)
        assert fine.likelihood[at] == pytest.approx(game.pact.monitoring.likelihood[0, index], abs=1e-9)
    nobody = build_pact(after(frozen("rollback-2025"), "monitoring.others_trigger=0.8"))
    assert not nobody.fine.beside.any()


def best(pact):
    return {r.key: r.joint for r in analyse_regimes(pact) if r.trigger_rule == BEST_SET and r.holds}


def test_a_second_figure_never_harms_where_the_trigger_is_chosen_anew(two):
    """With the same actions, ignoring the second figure is one of the choices."""
    alone = best(build_pact(after(two, "monitoring.others_trigger=0"), fine=False))
    both = best(build_pact(two, fine=False))
    assert set(alone) == {"mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation"}
    assert all(both[key] >= alone[key] - 1e-12 for key in alone)


def test_the_angrier_the_others_the_better_for_the_deal(two):
    """Anger costs China in no profile of the regimes, and makes the way round less tempting."""
    steps = [best(build_pact(after(two, f"minerals.others_anger={anger}"))) for anger in (0, 0.4, 0.8, 1.2)]
    for less, more in pairwise(steps):
        assert all(more[key] >= less[key] - 1e-12 for key in less)
    assert steps[-1]["mutual_reversion"] > steps[0]["mutual_reversion"] + 0.1


PATHS = ("monitoring.others_trigger", "monitoring.common_trigger", "minerals.others_anger", "monitoring.noise",
         "monitoring.delay_probability", "actions.china.slow_walk_everyone.withheld_elsewhere")  # fmt: skip


@pytest.mark.parametrize("name", ["two-figures-2025", "rollback-2025"])
def test_many_points_are_the_plain_pacts(name):
    """Optional numbers that the scenario leaves out may vary too; the others' noise follows the noise."""
    scenario = load_scenario(name).set("china_choice", "listed")
    paths = [path for path in PATHS if path in (*scenario.parameters, *scenario.omitted_paths)]
    rng = np.random.default_rng(3)
    table = np.column_stack([
        rng.choice([0.0, 0.7, 0.85], 12), rng.choice([0.0, 0.5, 0.8], 12), rng.uniform(0, 2, 12),
        rng.uniform(0.05, 0.2, 12), rng.uniform(0.05, 0.4, 12), rng.uniform(0.1, 0.6, 12),
    ])[:, : len(paths)]  # fmt: skip
    points = ParameterColumns.of(scenario, paths, table)
    assert points.legal.all()
    batch = pact_batch(points)
    for n in range(12):
        pact = build_pact(scenario.after(points.changes_at(n)), fine=False)
        assert batch.payoffs[n] == pytest.approx(pact.stage.payoffs, abs=1e-12)
        want = pact.monitoring.likelihood @ pact.mask(pact.trigger)
        assert batch.low[n] == pytest.approx(want, abs=1e-12)


def test_an_optional_number_can_be_set_where_the_file_leaves_it_out(default_scenario, tmp_path):
    assert default_scenario.value("monitoring.others_noise") == default_scenario.value("monitoring.noise")
    found = after(default_scenario, "monitoring.others_trigger=0.8", "monitoring.noise=0.2")
    assert found.value("monitoring.others_noise") == 0.2
    assert len(found.signal_names) == 11
    assert found.changes[0].before == 0
    assert found.without_changes() == default_scenario
    file = tmp_path / "set.toml"
    file.write_text(scenario_toml(found))
    assert load_scenario(str(file)) == found
    assert load_scenario(str(file)).without_changes().parameters == default_scenario.parameters


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("monitoring.others_triger=0.8", "did you mean 'monitoring.others_trigger'"),
        ("monitoring.others_trigger=1.5", "at least 0 and below 1.5"),
        ("monitoring.common_trigger=0.7", "must be 0 .* or one of monitoring.edges"),
        ("actions.china.slow_walk.withheld_elsewhere=0.4", "others_volume: must be above 0, since 'slow_walk'"),
        ("actions.china.slowwalk.withheld_elsewhere=0.4", "did you mean 'actions.china.slow_walk.withheld_elsewhere'"),
        ("minerals.others_anger=-1", "at least 0"),
    ],
)
def test_bad_changes_are_told(default_scenario, text, says):
    with pytest.raises(InputError, match=says):
        after(default_scenario, text)


def test_actions_may_withhold_the_same_from_the_us(two):
    assert two.actions[1] == ("license", "slow_walk", "slow_walk_everyone", "withhold")
    for text in (
        "actions.china.slow_walk_everyone.withheld=0.3",
        "actions.china.slow_walk_everyone.withheld_elsewhere=0",
    ):
        with pytest.raises(InputError, match="must be larger than that of 'slow_walk'"):
            after(two, text)
    with pytest.raises(InputError, match="largest share withheld elsewhere must be below 1"):
        after(two, "third_parties.eu.china_share=1", "actions.china.slow_walk_everyone.withheld_elsewhere=1")


def test_cautions_say_what_a_scenario_cannot_tell(two, default_scenario):
    assert scenario_warnings(two) == scenario_warnings(default_scenario) == scenario_warnings(frozen("textbook")) == ()
    nobody, reached = scenario_warnings(after(default_scenario, "monitoring.others_trigger=0.8"))
    assert "upper bound" in nobody
    assert "third_parties.eu.exposure, third_parties.india.exposure" in reached
    assert "has no effect" in scenario_warnings(after(default_scenario, "monitoring.common_trigger=0"))[0]
    assert "'slow_walk_everyone'" in scenario_warnings(after(two, "monitoring.others_trigger=0"))[0]
    excused = after(two, "monitoring.common_trigger=0")
    assert "no response to a low month can deter 'slow-walk-everyone'" in scenario_warnings(excused)[0]
    assert scenario_warnings(after(excused, "minerals.others_anger=1")) == ()


def test_a_regime_of_ones_own_names_the_pairs(tmp_path):
    text = 'extends = "two-figures-2025"\n' + AUTOMATON.replace('"<.25"', '".5-.8, others normal"')
    file = tmp_path / "mine.toml"
    file.write_text(text)
    scenario = load_scenario(str(file))
    with pytest.raises(InputError, match="'mine' is written for the present signals"):
        after(scenario, "monitoring.others_trigger=0")
    assert after(scenario, "monitoring.others_trigger=0.7").signal_names == scenario.signal_names
    file.write_text(text.replace(".5-.8, others normal", ".5-.8"))
    with pytest.raises(InputError, match="unknown signal"):
        load_scenario(str(file))


def test_a_bare_optional_number_is_ones_own(tmp_path):
    file = tmp_path / "bare.toml"
    file.write_text('extends = "rollback-2025"\n[monitoring]\nothers_trigger = 0.8\n')
    found = load_scenario(str(file)).parameter("monitoring.others_trigger")
    assert (found.value, found.source, found.unit) == (0.8, "judgement-own", "ratio")


def test_an_action_needs_what_it_withholds_from_the_us(tmp_path):
    file = tmp_path / "half.toml"
    file.write_text(
        'extends = "two-figures-2025"\n[actions.china.all.withheld_elsewhere]\nvalue = 0.4\n'
        'source = "judgement"\ndated = "2025-05"\n'
    )
    with pytest.raises(InputError, match=r"actions.china.all.withheld: is missing"):
        load_scenario(str(file))


def test_triggers_in_words(two):
    game = build_game(two)
    assert trigger_words(game, game.pact.trigger) == "fall below 80 % of normal"
    normal = tuple(name for name in game.pact.trigger if name.endswith("normal"))
    apart = "fall below 80 % of normal while those to all others stay at 80 % of normal or above"
    assert trigger_words(game, normal) == apart
    common = trigger_words(game, (".5-.8, others low", "<.25, others normal", "<.25, others low"))
    too = "fall between 50 % and 80 % of normal while those to all others fall below 80 % of normal too"
    assert common == f"fall below 25 % of normal or {too}"


def test_the_value_of_the_option_at_a_glance(two):
    """Excusing common lows breaks the deal while the way round is cheap, and makes it nearly free once it is dear."""
    cheap = {r.key: r for r in analyse_regimes(build_pact(after(two, "monitoring.common_trigger=0")), best_sets=False)}
    dear = after(two, "monitoring.common_trigger=0", "minerals.others_anger=1.5")
    held = {r.key: r for r in analyse_regimes(build_pact(dear), best_sets=False)}
    assert not cheap["mutual_reversion"].holds
    assert cheap["mutual_reversion"].least_discount is None
    assert held["mutual_reversion"].holds
    # as printed in docs/evidence.md for the bound
    assert held["mutual_reversion"].joint == pytest.approx(-0.020, abs=5e-4)
    assert math.isfinite(held["mutual_reversion"].length)
