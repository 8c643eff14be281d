"""Every mistake in a file: one clear sentence with its line, all of them at once, and never another exception.

Each case states the file, the dotted path that must be blamed, and words the sentence must contain.
"""

import random

import pytest

from negotiation.errors import InputError
from negotiation.trade.load import embedded_scenarios, load_scenario
from negotiation.trade.sources import data_text

EXTENDS = 'extends = "rollback-2025"\n'

PAYOFFS = """
kind = "payoffs"
as_of = "2026"
[payoffs]
rows = ["a", "b"]
columns = ["c", "d"]
deal = ["a", "c"]
punishment = ["b", "d"]
us = [[3, 0], [5, 1]]
china = [[3, 5], [0, 1]]
[patience.discount]
value = 0.9
source = "assumption"
dated = "2026"
"""

SIGNALS = PAYOFFS.replace(
    "[patience",
    'signals = ["hi", "lo"]\ntrigger = ["lo"]\n'
    "likelihood = [[[0.9, 0.1], [0.2, 0.8]], [[0.9, 0.1], [0.2, 0.8]]]\n[patience",
)

AUTOMATON = """
[[regimes]]
name = "mine"
deviation = "war"
[[regimes.states]]
name = "good"
play = ["keep", "license"]
on = { "<.25" = "war", default = "good" }
[[regimes.states]]
name = "war"
play = ["partial", "slow_walk"]
on = { default = "war" }
"""


def call(**fields):
    stated = {"name": '"no_call"', **fields}
    return "[[calls]]\n" + "\n".join(f"{key} = {value}" for key, value in stated.items())


EXTENDING = {
    "unknown key": ("[minerals]\nlevrage = 1", "minerals.levrage", "unknown key", "did you mean 'leverage'"),
    "unknown section": ("[mineral]\nleverage = 1", "mineral", "unknown key", "did you mean 'minerals'"),
    "unknown top key": ('titel = "x"', "titel", "unknown key", "did you mean 'title'"),
    "unknown key of a parameter": (
        "[minerals]\nleverage = { valu = 1 }",
        "minerals.leverage.valu",
        "unknown key",
        "did you mean 'value'",
    ),
    "a number in quotes": (
        '[minerals]\nleverage = { value = "0.68" }',
        "minerals.leverage.value",
        "is text, not a number",
        "write value = 0.68 without the quotes",
    ),
    "text": ('[minerals]\nleverage = "high"', "minerals.leverage.value", "is text, not a number", ""),
    "true": ("[minerals]\nleverage = true", "minerals.leverage.value", "is true or false, not a number", ""),
    "a date": ("[minerals]\nleverage = 2025-01-01", "minerals.leverage.value", "is a date, not a number", ""),
    "nan": ("[minerals]\nleverage = nan", "minerals.leverage.value", "not a finite number", ""),
    "infinity": ("[minerals]\nleverage = -inf", "minerals.leverage.value", "not a finite number", ""),
    "nan in a vector": ("[monitoring]\nedges = [0.5, nan]", "monitoring.edges.value", "not a finite number", ""),
    "an empty vector": ("[monitoring]\nedges = []", "monitoring.edges.value", "is an empty list", ""),
    "a list for a number": ("[minerals]\nleverage = [1, 2]", "minerals.leverage.value", "needs one number", ""),
    "a number for a section": ("minerals = 3", "minerals", "is a number, not a table of parameters", ""),
    "title is a number": ("title = 3", "title", "is a number, not text", ""),
    "period is a fraction": ("period_days = 1.5", "period_days", "is a number, not a whole number", ""),
    "no days": ("period_days = 0", "period_days", "at least one day", ""),
    "outside the domain": ("[monitoring]\nnoise = -1", "monitoring.noise.value", "must be above 0", ""),
    "probability above one": ("[monitoring]\nverification = 1.1", "monitoring.verification.value", "at most 1", ""),
    "range outside the domain": (
        "[monitoring]\nnoise = { low = -1 }",
        "monitoring.noise.low",
        "outside its domain (0, inf)",
        "",
    ),
    "low above high": (
        "[tariffs.us]\ndemand_elasticity = { value = 2, low = 3, high = 1 }",
        "tariffs.us.demand_elasticity",
        "needs low <= value <= high, got 3 <= 2 <= 1",
        "",
    ),
    "another unit": (
        '[minerals]\nleverage = { unit = "EUR bn/month" }',
        "minerals.leverage.unit",
        "counted in 'USD bn/month'",
        "",
    ),
    "unknown unit": ('[minerals]\nleverage = { unit = "bushels" }', "minerals.leverage.unit", "unknown unit", "USD bn"),
    "another domain": ('[minerals]\nleverage = { domain = "[1, 2]" }', "minerals.leverage.domain", "fixes it", "[0,"),
    "no domain": ('[minerals]\nleverage = { domain = "big" }', "minerals.leverage.domain", "is not an interval", ""),
    "unknown source": (
        '[minerals]\nleverage = { source = "goldman" }',
        "minerals.leverage.source",
        "unknown source 'goldman'",
        "did you mean 'goldman-2025-10'",
    ),
    "unknown source of a range": (
        '[minerals]\nleverage = { range_source = "x" }',
        "minerals.leverage.range_source",
        "unknown source",
        "",
    ),
    "no date": ('[minerals]\nleverage = { dated = "soon" }', "minerals.leverage.dated", "is not a date", ""),
    "known before it was published": (
        '[minerals]\nleverage = { source = "goldman-2025-10", dated = "2025-05" }',
        "minerals.leverage.dated",
        "before its source",
        "",
    ),
    "no as-of date": ('as_of = "tomorrow"', "as_of", "is not a date", ""),
    "source without a title": ('[sources.mine]\nurl = ""', "sources.mine.title", "is missing", ""),
    "source date": ('[sources.mine]\ntitle = "x"\ndate = "x"', "sources.mine.date", "is not a date", ""),
    "judgement in disguise": ('[sources.mine]\ntitle = "x"\nkind = "judgement"', "sources.mine", "starts with", ""),
    "kind of source": ('[sources.mine]\ntitle = "x"\nkind = "rumour"', "sources.mine.kind", "is 'rumour'", "published"),
    "kind of scenario": ('kind = "war"', "kind", "is not a kind of scenario", "economy"),
    "another kind": ('kind = "payoffs"', "kind", "which it extends, is 'economy'", ""),
    "newer format": ("format = 2", "format", "reads format 1", ""),
    "deal": ('deal = ["kep", "license"]', "deal", "'kep' is not an action", "did you mean 'keep'"),
    "short deal": ('deal = ["keep"]', "deal", "needs one action for each of 2 players", ""),
    "drop": ('drop = ["third_parties.indi"]', "drop.0", "nothing to drop", "did you mean 'third_parties.india'"),
    "dropped action of the deal": ('drop = ["actions.us.keep"]', "deal", "'keep' is not an action", ""),
    "tariffs out of order": (
        "[actions.us.partial]\ntariff = 0.47",
        "actions.us.partial.tariff",
        "must be larger than that of 'keep'",
        "",
    ),
    "substitution of one": ("[minerals]\nsubstitution = 1", "minerals.substitution", "must not be 1", ""),
    "preferred tariff": ("[politics.us]\npreferred_tariff = 0.05", "politics.us.preferred_tariff", "be larger", ""),
    "delays": ("[monitoring]\ndelay_min = 0.96", "monitoring.delay_max", "larger than monitoring.delay_min", ""),
    "edges": ("[monitoring]\nedges = [0.5, 0.4, 0.8]", "monitoring.edges", "must increase", ""),
    "trigger": ("[monitoring]\ntrigger = 0.75", "monitoring.trigger", "must be one of monitoring.edges", ""),
    "a life of one month": ("[patience]\nexpected_life_months = 1", "patience.expected_life_months.value", "above", ""),
    "discount of one": ("[patience]\nmonthly_discount = 1", "patience.monthly_discount.value", "below 1", ""),
    "new action as a bare number": (
        "[actions.us.half]\ntariff = 0.5",
        "actions.us.half.tariff",
        "is a bare number",
        "source",
    ),
    "new third party in part": (
        '[third_parties.japan.exposure]\nvalue = 1\nsource = "assumption"\ndated = "2026"',
        "third_parties.japan.china_share",
        "is missing",
        "",
    ),
    "payoffs in an economy": ("[payoffs]\nus = [[1]]", "payoffs", "does not belong", ""),
    "calls do not sum to one": (
        call(probability=0.5),
        "calls",
        "sum to 1.185, not to 1",
        "",
    ),
    "negative probability": (call(probability=-0.1), "calls.0.probability", "is not a probability", ""),
    "unknown regime": (call(regime='"grim"'), "calls.0.regime", "there is no regime 'grim'", ""),
    "call without a name": ("[[calls]]\nprobability = 0", "calls.0.name", "is missing", ""),
    "new call in part": ('[[calls]]\nname = "summit"', "calls.0.probability", "is missing", ""),
    "the same call twice": (call() + "\n" + call(), "calls.1.name", "two calls named", ""),
    "calls as a table": ("[calls]\nno_call = 1", "calls", "is a table, not a list of tables", "[[calls]]"),
    "change of an unknown path": (
        call(changes='["monitoring.noize = 1"]'),
        "calls.no_call",
        "change of monitoring.noize: there is no such parameter",
        "did you mean 'monitoring.noise'",
    ),
    "change out of the domain": (
        call(changes='["monitoring.delay_probability *= 9"]'),
        "calls.no_call",
        "1.8 is outside its domain [0, 1]",
        "",
    ),
    "change that is none": (call(changes='["double it"]'), "calls.0.changes.0", "is not a change", ""),
    "change to infinity": (call(changes='["monitoring.noise = inf"]'), "calls.0.changes.0", "finite", ""),
    "call name with a path": (call(name='"../x"'), "calls.0.name", "path separator", ""),
    "call name with an escape": (call(name=r'"a\u001b[2J"'), "calls.0.name", "control", ""),
    "dangling state": (
        AUTOMATON.replace('"<.25" = "war"', '"<.25" = "wra"'),
        "regimes.0.states.0.on.<.25",
        "there is no state 'wra'",
        "did you mean 'war'",
    ),
    "dangling deviation": (
        AUTOMATON.replace('deviation = "war"', 'deviation = "exile"'),
        "regimes.0.deviation",
        "there is no state 'exile'",
        "",
    ),
    "unknown signal": (AUTOMATON.replace('"<.25"', '"low"'), "regimes.0.states.0.on.low", "unknown signal", ""),
    "signal left open": (
        AUTOMATON.replace(', default = "good"', ""),
        "regimes.0.states.0.on",
        "does not say where '.25-.5', '.5-.8', '.8-.9', '>.9', 'verified' leads",
        "",
    ),
    "lottery": (
        AUTOMATON.replace('"<.25" = "war"', '"<.25" = { war = 0.5, good = 0.4 }'),
        "regimes.0.states.0.on.<.25",
        "the probabilities sum to 0.9, not to 1",
        "",
    ),
    "lottery above one": (
        AUTOMATON.replace('"<.25" = "war"', '"<.25" = { war = 2, good = -1 }'),
        "regimes.0.states.0.on.<.25.war",
        "is not a probability",
        "",
    ),
    "unknown action in a state": (
        AUTOMATON.replace('"slow_walk"', '"slowwalk"'),
        "regimes.0.states.1.play",
        "'slowwalk' is not an action",
        "did you mean 'slow_walk'",
    ),
    "two states of one name": (AUTOMATON.replace('"war"\nplay', '"good"\nplay'), "regimes.0.states", "same name", ""),
    "automaton without states": (
        '[[regimes]]\nname = "x"\ndeviation = "a"\nstates = []',
        "regimes.0.states",
        "at least one state",
        "",
    ),
    "name of a built-in regime": (
        AUTOMATON.replace('"mine"', '"stage_nash"'),
        "regimes.0.name",
        "built-in regime",
        "",
    ),
    "name with a separator": ('name = "a/b"', "name", "path separator", ""),
    "name with a backslash": (r'name = "a\\b"', "name", "path separator", ""),
    "name with a control character": (r'name = "a\u0007"', "name", "control", ""),
    "name that hides its direction": (r'name = "a\u202Eb"', "name", "control or invisible", ""),
    "empty name": ('name = " "', "name", "must not be empty", ""),
    "name of dots": ('name = ".."', "name", "dot", ""),
    "endless name": (f'name = "{"a" * 200}"', "name", "80 characters", ""),
    "unknown parent": ('', "extends", "there is no scenario", "did you mean 'rollback-2025'"),
}  # fmt: skip

COUNTS = {"new third party in part": 4, "new call in part": 2}

GIVEN = {
    "missing column": (
        PAYOFFS.replace("[[3, 0], [5, 1]]", "[[3], [5]]"),
        "payoffs.us",
        "is 2 by 1, but there are 2 rows and 2 columns",
    ),
    "ragged": (PAYOFFS.replace("[5, 1]", "[5]"), "payoffs.us", "is not rectangular: its rows have 2, 1 entries"),
    "empty": (PAYOFFS.replace("[[3, 0], [5, 1]]", "[]"), "payoffs.us", "needs a list of rows"),
    "flat": (PAYOFFS.replace("[[3, 0], [5, 1]]", "[3, 0]"), "payoffs.us", "needs a list of rows"),
    "text in a cell": (PAYOFFS.replace("[5, 1]", '["x", 1]'), "payoffs.us.b.c.value", "is text, not a number"),
    "nan in a cell": (PAYOFFS.replace("[5, 1]", "[nan, 1]"), "payoffs.us.b.c.value", "not a finite number"),
    "no matrix": (PAYOFFS.replace("china = ", "# "), "payoffs.china.a.c", "is missing"),
    "unknown player": (PAYOFFS.replace("china = ", "chna = "), "payoffs.chna", "unknown key"),
    "no actions": (PAYOFFS.replace('rows = ["a", "b"]', "rows = []"), "payoffs.rows", "is missing or empty"),
    "twice the same action": (PAYOFFS.replace('"a", "b"', '"a", "a"'), "payoffs.rows", "has the same name twice"),
    "action with a dot": (PAYOFFS.replace('"b"', '"b.c"'), "payoffs.rows", "part of a path"),
    "one player": (PAYOFFS.replace("rows =", 'players = ["us"]\nrows ='), "payoffs.players", "needs two players"),
    "unit": (PAYOFFS.replace("deal =", 'unit = "gold"\ndeal ='), "payoffs.unit", "unknown unit 'gold'"),
    "deal": (PAYOFFS.replace('deal = ["a", "c"]', 'deal = ["a", "x"]'), "payoffs.deal", "'x' is not an action"),
    "no punishment": (PAYOFFS.replace("punishment", "# "), "payoffs.punishment", "is missing"),
    "discount of one": (PAYOFFS.replace("0.9", "1.0"), "patience.discount.value", "below 1"),
    "discount of zero": (PAYOFFS.replace("0.9", "0"), "patience.discount.value", "above 0"),
    "negative discount": (PAYOFFS.replace("0.9", "-0.5"), "patience.discount.value", "above 0"),
    "no discount": (PAYOFFS.split("[patience")[0], "patience.discount", "is missing"),
    "no as_of": (PAYOFFS.replace('as_of = "2026"', ""), "as_of", "is missing"),
    "an economy's parameter": (PAYOFFS + "[minerals]\nleverage = 1", "minerals", "does not belong"),
    "deal at the top": ('deal = ["a", "c"]\n' + PAYOFFS, "deal", "stands in [payoffs]"),
    "signals do not sum to one": (SIGNALS.replace("[0.9, 0.1]", "[0.9, 0.2]"), "signals.a.c", "sum to 1.1, not to 1"),
    "negative chance": (SIGNALS.replace("[0.9, 0.1]", "[1.1, -0.1]"), "signals.a.c.value", "outside its domain [0, 1]"),
    "too few chances": (
        SIGNALS.replace("[0.9, 0.1]", "[1.0]"),
        "payoffs.likelihood",
        "needs 2 chances, one for each signal",
    ),
    "likelihood of another shape": (
        SIGNALS.replace(", [[0.9, 0.1], [0.2, 0.8]]]", "]"),
        "payoffs.likelihood",
        "is 1 by 2, but there are 2 rows",
    ),
    "signals without chances": (SIGNALS.replace("likelihood", "# "), "signals.a.c", "is missing"),
    "unknown trigger": (SIGNALS.replace('trigger = ["lo"]', 'trigger = ["low"]'), "payoffs.trigger", "no signal 'low'"),
    "unknown observer": (SIGNALS.replace("deal =", 'observed = ["eu"]\ndeal ='), "payoffs.observed", "no player 'eu'"),
    "chances without signals": (
        PAYOFFS + "[signals.a.c]\nvalue = [1]\nsource = 'assumption'\ndated = '2026'",
        "signals",
        "does not name the signals",
    ),
}


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
    for text in (PAYOFFS, SIGNALS, EXTENDS + AUTOMATON, EXTENDS + call(probability=0.315)):
        load_scenario(write(text))


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
