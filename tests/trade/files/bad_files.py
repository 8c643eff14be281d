"""Files with one mistake each, and their good twins.

Each case states the file, the dotted path that must be blamed, and words that the sentence must contain.
"""

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
    "no days": ("period_days = 0", "period_days", "must be at least 1, got 0", ""),
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
        "needs low <= high, got 3 > 1",
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
        '[minerals]\nleverage = { source = "busan-fact" }',
        "minerals.leverage.source",
        "unknown source 'busan-fact'",
        "did you mean 'busan-fact-sheet'",
    ),
    "unknown source of a range": (
        '[minerals]\nleverage = { range_source = "x" }',
        "minerals.leverage.range_source",
        "unknown source",
        "",
    ),
    "no date": ('[minerals]\nleverage = { dated = "soon" }', "minerals.leverage.dated", "is not a date", ""),
    "known before it was published": (
        '[minerals]\nleverage = { source = "busan-fact-sheet", dated = "2025-05" }',
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
    "newer format": ("format = 3", "format", "reads formats 1 and 2", ""),
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
        "sum to 1.185, not to 1 (no_call 0.5 + breakdown 0.245",
        'write other_calls = "in_proportion"',
    ),
    "a share of nothing": (
        'other_calls = "in_proportion"\n' + call(probability=0.6) + "\n" + call(name='"breakdown"', probability=0.5),
        "calls",
        "the probabilities that the file states sum to 1.1, more than 1",
        "",
    ),
    "nobody to share": (
        'other_calls = "in_proportion"\ndrop = ["calls.breakdown", "calls.clarification", "calls.partial_concession", '
        '"calls.full_restoration"]\n' + call(probability=0.6),
        "other_calls",
        "no call outcome inherits a probability, to share the 0.4",
        "leave the key out",
    ),
    "other calls shared otherwise": ('other_calls = "equally"', "other_calls", "is 'equally'", "allowed: in_prop"),
    "negative probability": (call(probability=-0.1), "calls.0.probability", "is not a probability", ""),
    "unknown regime": (call(regime='"grim"'), "calls.0.regime", "there is no regime 'grim'", ""),
    "call without a name": ("[[calls]]\nprobability = 0", "calls.0.name", "is missing", ""),
    "new call in part": ('[[calls]]\nname = "summit"', "calls.0.probability", "is missing", ""),
    "the same call twice": (call() + "\n" + call(), "calls.1.name", "there are two calls named", ""),
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
        "sum to 0.9, not to 1 (war 0.5 + good 0.4)",
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
    "the same automaton twice": (AUTOMATON + AUTOMATON, "regimes.1.name", "two regimes named 'mine'", ""),
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

COUNTS = {"lottery above one": 2, "new third party in part": 4, "new call in part": 2}

GIVEN = {
    "signals that are no table": ("signals = 3\n" + PAYOFFS, "signals", "is a number, not a table"),
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
