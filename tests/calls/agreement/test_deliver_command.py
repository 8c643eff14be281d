"""`negotiation deliver` on the command line: the answer on one screen, as JSON, and mistakes in one sentence."""

import json

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from tests.stored import STORED

FROZEN = str(STORED / "frozen" / "rollback-2025.toml")

FRAGILE = ["--set", "monitoring.delay_probability=0.4", "--set", "patience.expected_life_months=4.0612244897959"]


def invoke(*arguments):
    return CliRunner().invoke(app, ["deliver", *arguments])


def test_default_answer():
    result = invoke()
    assert result.exit_code == 0
    assert "nothing new" in result.stdout
    for part in ("(audience_cost)", "mutual reversion", "cheapest", "Who vetoes", "China", "judgement", "next "):
        assert part in " ".join(result.stdout.split())


def test_json_has_the_same_numbers():
    result = invoke(FROZEN, *FRAGILE, "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    least = {row["key"]: row["least"] for row in data["instruments"]}
    assert least["audience_cost"] == pytest.approx(0.52153, abs=1e-4)
    assert least["side_payment"] is None
    assert data["holds_now"] is False
    assert data["together"]["amounts"]["compensation"] > 0
    assert len(data["pairs"]) == 15
    assert {row["player"] for row in data["vetoes"]} == {"us", "china"}


def test_a_cap_changes_the_answer():
    result = invoke("rollback-2025", *FRAGILE, "--cap", "audience_cost=0.4", "--quick", "--json")
    least = {row["key"]: row for row in json.loads(result.stdout)["instruments"]}
    assert least["audience_cost"]["least"] is None
    assert least["audience_cost"]["blocked_by"]


def test_from_a_call_outcome():
    result = invoke(FROZEN, "--call", "breakdown", "--quick", "--json")
    data = json.loads(result.stdout)
    assert data["holds_now"] is False
    assert data["rules_that_hold"] == []
    assert data["answer"].startswith("No rule holds as things stand. For the deal to enforce itself the call must")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--cap", "tanks=3"], "there is no such instrument"),
        (["--cap", "side_payment=-1"], "a cap must be at least 0"),
        (["--cap", "side_payment"], "write verification=0.5"),
        (["--cap", "side_payment=much"], "is not a number"),
        (["--price", "patience=-2"], "a price must be at least 0"),
        (["--call", "brakdown"], "did you mean 'breakdown'"),
        (["nowhere"], "nowhere"),
    ],
)
def test_mistakes(arguments, words):
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr
