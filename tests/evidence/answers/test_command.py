"""`negotiation evidence` and `evidence score` at the command line."""

import json
import re

import pytest
from typer.testing import CliRunner

from negotiation.cli.app import app
from negotiation.evidence.answers import assessment
from negotiation.evidence.forecasts import new_months
from negotiation.evidence.model.posterior import QUICK


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs the command with few draws, as a user would: code, output, errors."""
    options = assessment.assess.__defaults__
    monkeypatch.setattr(assessment.assess, "__defaults__", (*options[:2], QUICK, *options[3:]))
    monkeypatch.setattr(new_months.score_new, "__defaults__", (QUICK, None))

    def invoke(*words):
        result = CliRunner().invoke(app, ["evidence", *words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, " ".join(result.stdout.split()), result.stderr

    return invoke


def test_the_eve_of_the_call_in_words(run):
    code, out, _ = run("--as-of", "2025-06-01")
    assert code == 0
    assert "8 single months to the US, the last one Apr 2025" in out
    assert "depending on the prior" in out
    assert "What the data inform" in out
    assert "reduced form" in out
    for name in ("sceptical", "neutral", "suspicious"):
        assert name in out


def test_one_object_for_scripts(run):
    code, out, _ = run("--as-of", "2025-06-01", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["last_month"] == "2025-04"
    assert set(data["priors"]) == {"sceptical", "neutral", "suspicious"}
    mean = data["priors"]["neutral"]["causes"]["targeted"]["mean"]
    assert len(mean) == len(data["months"])


def test_the_trend_is_an_option_and_its_effect_is_said_either_way(run):
    out = run("--as-of", "2025-06-01", "--prior", "neutral")[1]
    assert "The model has no trend of US demand (neutral prior: " in out
    out = run("--as-of", "2025-06-01", "--prior", "neutral", "--trend")[1]
    assert "The model has a trend of US demand (neutral prior: " in out
    data = json.loads(run("--as-of", "2025-06-01", "--prior", "neutral", "--trend", "--json")[1])
    assert data["trend"]["used"] is True
    assert len(data["trend"]["months"]) == len(data["trend"]["without"]) == len(data["trend"]["with_trend"])
    assert [row["parameter"] for row in data["informed"]][-1] == "trend"


def test_a_fragment_is_a_valid_scenario(run, tmp_path):
    from negotiation.trade.files.load import load_scenario

    path = tmp_path / "estimated.toml"
    assert run("--as-of", "2025-06-01", "--prior", "neutral", "--fragment", str(path))[0] == 0
    assert load_scenario(str(path)).parameter("monitoring.noise").source == "estimated-shipments"


def test_no_telling_event_is_left_out_and_months_that_are_left_out_are_counted(run, events):
    code, out, _ = run("--as-of", "2026-10-01", "--prior", "neutral")
    contacts = [event for event in events.contacts() if "2024" <= event.dated <= "2026-10-01"]
    assert code == 0
    assert len(contacts) > 5
    assert all(" ".join(event.text.split()[:3]) in out for event in contacts)
    assert "Beijing publishes eight points" in out
    assert re.search(r"\d+ earlier months: see --json", out)


def test_too_few_months_are_said(run):
    code, out, _ = run("--as-of", "2024-07-25", "--prior", "neutral")
    assert code == 0
    assert "too few months: what follows is mostly the prior" in out
    assert "under the neutral prior alone" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--as-of", "soon"), "'soon' is not a date"),
        (("--as-of", "2019"), "no single month of shipments was published by 2019-12-31"),
        (("--prior", "neutrl"), "did you mean 'neutral'?"),
        (("--data", "none.csv"), "none.csv: there is no such file"),
    ],
)
def test_a_mistake_is_a_sentence_and_code_two(run, words, said):
    code, _, err = run(*words)
    assert code == 2
    assert said in err
    assert "Traceback" not in err


def test_new_months_are_scored(run, tmp_path):
    new = tmp_path / "new.csv"
    new.write_text(
        "month,destination,tonnes,source,url,confidence\n2026-01,US,610,x,https://example.org,found-in-source\n"
    )
    code, out, _ = run("score", str(new))
    assert code == 0
    assert "2026-01" in out
    assert "parameters not refitted" in out
    for words in (
        "10 times as often once licences are required",
        "too few months",
        "not distinguishable",
        "Log score per unit of log tonnes; CRPS in tonnes",
        "The 50 % intervals held",
        "t(3) walk",
    ):
        assert words in out
    assert "April and May 2025" not in out  # none of the scored months is one of them
    data = json.loads(run("score", str(new), "--json")[1])
    assert {"months", "differences", "covered", "means"} <= set(data)
    assert data["differences"][0]["low"] == "-inf"
    assert data["means"]["t(3) walk"]["crps"] == "inf"
    assert run("score", str(tmp_path / "none.csv"))[0] == 2
