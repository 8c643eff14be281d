"""Every mistake in a file: one clear sentence with its line, all of them at once, and never another exception."""

import random

import pytest

from negotiation._files import data_text
from negotiation.errors import InputError
from negotiation.trade.files.load import embedded_scenarios, load_scenario
from tests.trade.files.bad_files import AUTOMATON, COUNTS, EXTENDING, EXTENDS, GIVEN, PAYOFFS, SIGNALS, call


def problems(path):
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    for problem in caught.value.problems:
        assert "\n" not in problem.message
        assert problem.message
        if problem.line is not None:
            assert problem.text == path.read_text(encoding="utf-8").splitlines()[problem.line - 1]
            assert 0 <= problem.column <= len(problem.text)
    return caught.value.problems


@pytest.fixture
def write(tmp_path):
    def writer(text, name="my.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return writer


@pytest.mark.parametrize("case", EXTENDING)
def test_a_mistake_in_an_extending_file(write, case):
    text, path, message, hint = EXTENDING[case]
    start = EXTENDS if text else EXTENDS.replace("rollback-2025", "rollbak-2025")
    found = problems(write(start + text))
    assert path in [problem.path for problem in found]
    blamed = next(problem for problem in found if problem.path == path)
    assert message in blamed.message
    assert hint in blamed.hint
    assert len(found) == COUNTS.get(case, 1), found


@pytest.mark.parametrize("case", GIVEN)
def test_a_mistake_in_given_payoffs(write, case):
    text, path, message = GIVEN[case]
    found = problems(write(text))
    assert path in [problem.path for problem in found]
    assert message in next(problem for problem in found if problem.path == path).message


def test_the_good_twins_of_the_bad_files_load(write):
    texts = (PAYOFFS, SIGNALS, EXTENDS + AUTOMATON, EXTENDS + call(probability=0.315))
    loaded = [load_scenario(write(text)) for text in texts]
    assert [scenario.kind for scenario in loaded] == ["payoffs", "payoffs", "economy", "economy"]
    assert [regime.name for regime in loaded[2].regimes] == ["mine"]
    assert loaded[3].call("no_call").probability == 0.315


def test_every_problem_at_once_with_its_line(write):
    text = """extends = "rollback-2025"
[minerals]
leverage = { value = "0.68", unit = "USD bn/month" }

[monitoring]
delay_probabilty = 0.2
noise = -1

[tariffs.us]
demand_elasticity = { value = 4.0, low = 5.0, high = 3.0 }

[[calls]]
name = "no_call"
regime = "grim"
"""
    found = problems(write(text))
    assert [(problem.path, problem.line, problem.column) for problem in found] == [
        ("minerals.leverage.value", 3, 13),
        ("monitoring.delay_probabilty", 6, 0),
        ("monitoring.noise.value", 7, 0),
        ("tariffs.us.demand_elasticity", 10, 0),
        ("calls.0.regime", 14, 0),
    ]


def test_a_missing_file_names_the_nearest_scenario():
    with pytest.raises(InputError, match=r"no such file or shipped scenario .did you mean 'june-2025'"):
        load_scenario("june2025")


def test_a_scenario_without_anything(write):
    (problem,) = problems(write('as_of = "2026"'))
    assert problem.message == "states no parameters"
    assert [item.message[:10] for item in problems(write(""))] == ["is missing", "states no "]
    found = problems(write('as_of = "2026"\n[minerals.leverage]\nvalue = 1\nsource = "assumption"\ndated = "2026"'))
    assert {"tariffs.us.import_value", "actions.us", "patience.monthly_discount"} <= {p.path for p in found}
    assert "minerals.leverage" not in {p.path for p in found}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a = ", "is not TOML"),
        (b"\n[a\n", "is not TOML"),
        (b"a = 1\na = 2\n", "is not TOML"),
        (b"\x89PNG\r\n\0\0", "is a binary file"),
        (b"title = '\xff\xfe'", "is not text in UTF-8"),
        (b"#" * 10_000_000, "is larger than 1 MB"),
        (b"a = " + b"[" * 50_000 + b"]" * 50_000, "nested too deeply"),
        (b"a = " + b"[" * 400 + b"]" * 400, ""),
    ],
)
def test_files_that_are_no_scenario(write, content, says):
    path = write(content)
    with pytest.raises(InputError) as caught:
        load_scenario(path)
    assert says in str(caught.value)
    assert len(caught.value.problems) == 1 or not says


def test_not_toml_shows_the_line(write):
    (problem,) = problems(write('title = "x"\nkind = economy\n'))
    assert (problem.line, problem.text) == (2, "kind = economy")


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        load_scenario(tmp_path)


def test_an_unreadable_name():
    with pytest.raises(InputError):
        load_scenario("a\0b")
    with pytest.raises(InputError):
        load_scenario("a" * 5000)


def test_a_scenario_that_extends_itself(write):
    with pytest.raises(InputError, match=r"extends itself: my.toml → my.toml"):
        load_scenario(write('extends = "my.toml"'))
    write('extends = "b.toml"', "a.toml")
    with pytest.raises(InputError, match=r"extends itself: b.toml → a.toml → b.toml"):
        load_scenario(write('extends = "a.toml"', "b.toml"))


def test_a_mistake_in_the_parent_is_blamed_on_the_parent(write):
    write(EXTENDS + "[minerals]\nlevrage = 1", "base.toml")
    with pytest.raises(InputError) as caught:
        load_scenario(write('extends = "base.toml"'))
    assert caught.value.origin.endswith("base.toml")


def test_html_is_allowed_in_titles_and_names(write):
    scenario = load_scenario(write(EXTENDS + 'title = "<script>alert(1)</script>"\nname = "<b>"'))
    assert (scenario.title, scenario.name) == ("<script>alert(1)</script>", "<b>")


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_gives_an_input_error_or_a_scenario(write, seed):
    """Lines dropped, doubled, swapped and characters replaced at random: nothing else may come out."""
    chance = random.Random(seed)
    name = chance.choice(embedded_scenarios())
    lines = data_text("scenarios", f"{name}.toml").splitlines()
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(lines))
        kind = chance.randrange(4)
        if kind == 0:
            del lines[place]
        elif kind == 1:
            lines.insert(place, chance.choice(lines))
        elif kind == 2:
            other = chance.randrange(len(lines))
            lines[place], lines[other] = lines[other], lines[place]
        elif lines[place]:
            at = chance.randrange(len(lines[place]))
            lines[place] = lines[place][:at] + chance.choice('"[]{}=.,#-9x\t') + lines[place][at + 1 :]
    path = write("\n".join(lines))
    try:
        load_scenario(path)
    except InputError as error:
        said = str(error)
        assert said
