"""No sentence about the least, "no rule" or "must" contradicts the table of regimes on the same page.

The rendered texts are parsed: what they claim of a rule is looked up in the rendered table of every outcome under every
regime, for the shipped scenarios, changed ones, and scenarios whose judged numbers are drawn over their ranges.
"""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest

from negotiation.analysis.scenario_analysis import Analysis, AnalysisOptions
from negotiation.calls.agreement.requirements import requirements
from negotiation.calls.agreement.text import requirements_sentence
from negotiation.calls.outcomes.comparison import compare_calls
from negotiation.calls.outcomes.stage_game import analyse_stage
from negotiation.cli.answer_text import answer_text, json_answer
from negotiation.errors import InputError
from negotiation.report.document import Report, Section
from negotiation.report.figures.answer import answer_picture
from negotiation.report.render.markdown import render
from negotiation.report.sections.answer import answer
from negotiation.report.sections.outcomes import outcome_table, regime_table
from negotiation.trade.files.load import load_scenario
from negotiation.trade.game.build import build_game, build_pact
from negotiation.trade.parameters.changes import Change
from tests.stored import frozen

CHANGED = {
    "june": ("june-2025",),
    "leverage": ("rollback-2025", "minerals.leverage=0.85"),
    "more leverage": ("rollback-2025", "minerals.leverage=0.9"),
    "ruling": ("after-ruling-2026",),
    "elasticity": ("rollback-2025", "tariffs.us.demand_elasticity=2.5"),
    "gallium": ("gallium-germanium",),
    "cobalt": (
        "rollback-2025",
        "minerals.dependent_output=2.0",
        "minerals.leverage=0.1",
        "minerals.forgone_revenue=0.02",
    ),
    "default": ("rollback-2025",),
    "textbook": ("textbook",),
    "temptation": ("textbook", "payoffs.row.defect.cooperate=40"),
}

DEMANDED = ("leverage", "more leverage", "ruling", "elasticity", "gallium", "default")


def changed(name, *texts):
    return load_scenario(name).after([Change.parse(text) for text in texts])


def drawn(seed, base="rollback-2025"):
    """Return a scenario with judged numbers drawn from their ranges, one after another where the model allows it."""
    scenario, rng = load_scenario(base), np.random.default_rng(seed)
    for path, item in list(scenario.parameters.items()):
        if item.is_judgement and item.low is not None and item.low < item.high:
            try:
                tried = scenario.after([Change(path, "set", float(rng.uniform(item.low, item.high)))])
                build_pact(tried, fine=False)
            except InputError:
                continue
            scenario = tried
    return scenario


def analysed(scenario):
    """Return an analysis with what the sentences are written from, and nothing else."""
    comparison = compare_calls(scenario)
    base = build_game(scenario)
    options = AnalysisOptions(quick=True)
    return Analysis(
        scenario=scenario,
        options=options,
        base=base,
        stage=analyse_stage(base.pact.stage),
        comparison=comparison,
        break_evens=(),
        windows=(),
        fans=(),
        before=(),
        companion=(),
    )


def page_of(analysis):
    tables = (outcome_table(analysis.comparison), regime_table([row.outcome for row in analysis.comparison.calls]))
    sections = (Section("o", "Outcomes", tables),)
    return render(Report("t", "q", "", answer(analysis), picture=answer_picture(analysis), sections=sections))


def rows_of(text, caption):
    """Return the rows of the Markdown table under a caption, as dicts by head."""
    lines = text.split(f"**{caption}**", 1)[1].strip().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    end = next((i for i, line in enumerate(lines) if not line.startswith("|")), len(lines))
    head = cells[0]
    return [dict(zip(head, row, strict=True)) for row in cells[2:end]]


class Rule:
    """A row of the table of regimes."""

    def __init__(self, row):
        best = row["trigger"] not in ("threshold", "own")
        self.name = row["regime"] + (" with its best set of signals" if best else "")
        self.holds = "yes" in row["holds"]
        text = row["least δ"]
        self.least = None if text in ("n/a", "none", "") else float(text)


def rules_by_outcome(text):
    found = {}
    for row in rows_of(text, "Every outcome under every regime"):
        if row["regime"] != "stage Nash":
            found.setdefault(row["outcome"].strip("*"), []).append(Rule(row))
    return found


def close(shown, value):
    return value is not None and abs(float(shown) - value) <= 0.51 * 10.0 ** -len(shown.split(".")[1]) + 6e-4


def check_reason(text, rules, asked):
    """Check one reason why a deal does not hold against the rules of its outcome."""
    named = {rule.name: rule for rule in rules}
    others = [rule for rule in rules if rule.name != asked]
    if asked is not None:
        assert text.startswith(f"{asked}, the rule selected then, "), text
        assert not named[asked].holds
    else:
        assert text.startswith("stage Nash is selected")
    for name, need in re.findall(r"([a-z][\w ]*?)(?:, the rule selected then,)? needs δ ([\d.]+)", text):
        name = name.removeprefix("the least demanding, ")
        assert close(need, named[name].least)
        assert not named[name].holds
    tail = text.split("; ", 1)[1] if "; " in text else ""
    would = re.findall(r"(?:^|, |and )([a-z][\w ]*?) \((?:from δ ([\d.]+)|[^)]*)\)", tail)
    assert bool(would) == ("would hold" in tail) == any(rule.holds for rule in others), text
    for name, least in would:
        assert named[name].holds
        assert not least or close(least, named[name].least)
    if "holds at no δ" in text.split(";")[0]:
        assert named[asked].least is None
    if "at any δ" in tail:
        assert all(rule.least is None for rule in others)
    if "least demanding" in tail:
        name = re.search(r"the least demanding, ([\w ]+), ", tail)[1]
        assert named[name].least == min(rule.least for rule in rules if rule.least is not None)
    if "none needs less" in tail:
        assert named[asked].least == min(rule.least for rule in rules if rule.least is not None)
    if not any(rule.holds for rule in others):
        assert re.search(r"no (?:other )?rule holds", tail), text


def check_page(analysis):
    page = page_of(analysis)
    rules = rules_by_outcome(page)
    first = page.split("\n\n")[2]
    name = analysis.scenario.name
    done = SimpleNamespace(analysis=analysis, digest="d", seconds=1.0, page="index.html", origin=name)
    terminal = answer_text(done, {})
    told = json.loads(
        json_answer(SimpleNamespace(analysis=analysis, digest="d", page=SimpleNamespace(parent=_Path())), {})
    )
    assert "simple regime" not in first
    for row in analysis.comparison.outcomes:
        mine, here = rules[row.call.label], row.discount
        stage_nash = row.selected.label == "stage Nash"
        asked = None if stage_nash else row.selected.label
        line = next(line for line in terminal.splitlines() if line[4:].startswith(f"{row.call.label}: "))
        numbers = told["outcomes"][row.call.name]
        least = min((rule.least for rule in mine if rule.least is not None), default=None)
        shown = numbers["least_demanding"]
        assert (shown is None) == (least is None)
        assert least is None or shown["least_discount"] == pytest.approx(least, abs=6e-4)
        holding = {rule.name.removesuffix(" with its best set of signals") for rule in mine if rule.holds} - {asked}
        listed = {
            item["rule"].removesuffix(" with its best set of signals") for item in numbers["other_rules_that_hold"]
        }
        assert listed - {asked} == holding
        if not row.holds:
            reason = re.search(rf"\*\*{re.escape(row.call.label)}\*\* \((.*?)\)(?=, \*\*| and \*\*|\.\n|\.$)", first)[1]
            check_reason(reason, mine, asked)
            check_reason(line.split("does not hold: ", 1)[1].rsplit("; joint", 1)[0], mine, asked)
            continue
        assert next(rule for rule in mine if rule.name == asked).holds
        assert f"holds by {asked}, {row.terms} (" in line
        # the terms as written need at least as much patience as the best terms
        written = re.search(r"(?:these terms )?from δ ([\d.]+)", line)[1]
        best = re.search(r"the best terms from ([\d.]+)", line)
        assert float(written) <= here + 1e-3
        assert best is None or float(best[1]) <= float(written)
        assert close((best[1] if best else written), next(rule for rule in mine if rule.name == asked).least)


class _Path:
    def __truediv__(self, name):
        return name


@pytest.mark.parametrize(
    "name",
    [
        name if name in ("june", "leverage", "ruling", "gallium") else pytest.param(name, marks=pytest.mark.slow)
        for name in CHANGED
    ],
)
def test_what_is_said_of_rules_follows_from_the_table(name):
    check_page(analysed(changed(*CHANGED[name])))


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 30))])
def test_so_it_does_when_judged_numbers_are_drawn(seed):
    base = ("rollback-2025", "june-2025", "after-ruling-2026", "gallium-germanium", "textbook")[seed % 5]
    check_page(analysed(drawn(seed, base)))


def check_demand(scenario):
    found = requirements(scenario, pairs=False)
    text = requirements_sentence(found)
    page = page_of(analysed(scenario))
    label = scenario.calls[0].label
    rules = rules_by_outcome(page)[label]
    holding = [rule.name for rule in rules if rule.holds]
    if "nothing new" in text:
        assert "must" not in text
        names = re.search(r"itself: (.*?) holds? now", text)
        for name in re.split(r", | and ", names[1]) if names else ():
            assert name in holding
    else:
        assert text.startswith("No rule holds as things stand")
        assert not holding
        assert not any(need.holds_now for need in found.needs)
        assert found.now is None
    assert ("must" in text) <= (not holding and found.now is None)
    if "would have to deliver" in text:
        asked = re.search(r"For ([\w ]+), the rule selected after ([\w ]+), to hold", text)
        assert asked[2] == label
        need = next(need for need in found.needs if need.label == asked[1])
        assert not need.holds_now
        assert len(re.findall(r"\d+(?:\.\d+)?", text.split("would have to deliver")[1])) == sum(
            amount is not None for amount in need.amounts.values()
        )
    return text


@pytest.mark.parametrize(
    "name", ["june", "textbook", *(pytest.param(name, marks=pytest.mark.slow) for name in DEMANDED)]
)
def test_must_is_said_only_where_no_rule_holds(name):
    text = check_demand(changed(*CHANGED[name]))
    if name in ("june", "leverage", "more leverage"):
        assert "heavy snapback holds now" in text
        assert "For mutual reversion, the rule selected after no call, to hold" in text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_so_it_is_when_judged_numbers_are_drawn(seed):
    check_demand(drawn(100 + seed, ("rollback-2025", "june-2025")[seed % 2]))


def test_the_written_terms_give_out_before_the_best_ones():
    """No call, T = 3: two equations for that length alone, solved by bisection on the automaton's own conditions."""
    analysis = analysed(frozen("rollback-2025"))
    row = analysis.comparison.outcomes[0]
    assert row.terms == "T = 3"
    assert row.least_discount == pytest.approx(0.724, abs=5e-4)
    assert row.written_discount == pytest.approx(0.882, abs=5e-4)
    outcome = analysis.comparison.calls[0].outcome
    pact = outcome.game.pact
    # Green, Porter 1984: g (1 - d^{T+1}) p-terms; the second player's condition for T = 3, written out
    (deal_row, deal), outside = pact.deal, pact.punishment
    low = pact.monitoring.likelihood[deal_row] @ pact.mask(pact.trigger)
    gains, loss = pact.stage.payoffs[1][deal_row] - pact.stage.payoffs[1][pact.deal], None
    loss = pact.stage.payoffs[1][pact.deal] - pact.stage.payoffs[1][outside]

    def room(d):
        spent = sum(d**k for k in range(3))  # three months of war, discounted
        stake = d * loss * spent / (1 + d * low[deal] * spent)  # V(good) - V(punished), per month, times d
        return min(stake * (low[j] - low[deal]) - gains[j] for j in range(len(gains)) if j != deal)

    lower, upper = 0.5, 0.99
    for _ in range(60):
        middle = (lower + upper) / 2
        lower, upper = (lower, middle) if room(middle) >= 0 else (middle, upper)
    assert row.written_discount == pytest.approx(upper, abs=1e-6)
