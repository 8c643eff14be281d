"""Call outcomes to which a file gives no probability share what its probabilities leave, in proportion."""

import random

import pytest

from negotiation.trade.files.load import load_scenario
from negotiation.trade.files.write import scenario_toml

HEAD = 'extends = "rollback-2025"\nother_calls = "in_proportion"\n'
SHARED = "so that all probabilities sum to one"


def drawn(rng, names):
    """Return a file of new and changed calls, what it states and what it drops."""
    dropped = rng.sample(names, rng.randrange(0, 3))
    changed = rng.sample([name for name in names if name not in dropped], rng.randrange(0, 3))
    new = [f"new_{number}" for number in range(rng.randrange(0, 3))]
    stated = {name: round(rng.uniform(0, 0.25), 3) for name in (*changed[:1], *new)}
    text = HEAD + f"drop = {[f'calls.{name}' for name in dropped]}\n"
    for name in (*changed, *new):
        text += f'[[calls]]\nname = "{name}"\n'
        text += f"probability = {stated[name]}\n" if name in stated else 'label = "renamed"\n'
        text += 'regime = "stage_nash"\n' if name in new else ""
    return text, stated, dropped


@pytest.mark.parametrize("seed", range(25))
def test_the_rest_is_shared_in_proportion(tmp_path, default_scenario, seed):
    inherited = {call.name: call.probability for call in default_scenario.calls}
    text, stated, dropped = drawn(random.Random(seed), [*inherited])
    file = tmp_path / "mine.toml"
    file.write_text(text)
    scenario = load_scenario(file)
    chances = {call.name: call.probability for call in scenario.calls}
    assert sum(chances.values()) == pytest.approx(1, abs=1e-12)
    assert {name: chances[name] for name in stated} == stated
    rest = {name: chance for name, chance in chances.items() if name not in stated}
    assert set(rest) == {*inherited} - {*dropped} - {*stated}
    left = (1 - sum(stated.values())) / sum(inherited[name] for name in rest)
    assert rest == pytest.approx({name: inherited[name] * left for name in rest})
    moved = {call.name for call in scenario.calls if SHARED in call.basis}
    assert moved == (set(rest) if abs(left - 1) > 1e-6 else set())
    again = tmp_path / "again.toml"
    again.write_text(scenario_toml(scenario))
    assert load_scenario(again) == scenario


def test_a_file_that_states_all_may_hold_the_key(tmp_path, default_scenario):
    file = tmp_path / "mine.toml"
    file.write_text(HEAD)
    assert load_scenario(file).calls == load_scenario("rollback-2025").calls
    calls = [f'[[calls]]\nname = "{call.name}"\nprobability = 0.2\n' for call in default_scenario.calls]
    file.write_text(HEAD + "".join(calls))
    assert [call.probability for call in load_scenario(file).calls] == [0.2] * 5
