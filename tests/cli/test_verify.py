"""`negotiation verify` as a user meets it: what is said and how it ends."""

import hashlib
import json
from fractions import Fraction

import numpy as np
import pytest
from typer.testing import CliRunner

from negotiation._values import plain
from negotiation.cli.app import app
from negotiation.games import Automaton, DynamicGame, StageGame
from negotiation.solve.certificates.automaton import regime_certificate
from negotiation.solve.certificates.certify import with_certificate
from negotiation.solve.certificates.derived_claims import play_certificate
from negotiation.solve.perfect.solver import solve_perfect

runner = CliRunner()


def verify(*words):
    return runner.invoke(app, ["verify", *map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def proof():
    """The certificate of a prisoners' dilemma with perfect monitoring."""
    payoffs = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    stage = StageGame(("US", "China"), (("keep", "raise"), ("license", "withhold")), payoffs)
    return with_certificate(solve_perfect(DynamicGame.repeated(stage, Fraction(1, 2)))).certificate


@pytest.fixture
def folder(tmp_path):
    """A finished run of the textbook scenario."""
    out = tmp_path / "run"
    done = runner.invoke(app, ["run", "textbook", "--quick", "--jobs", "1", "--out", str(out)])
    assert done.exit_code == 0
    return out


def test_every_certificate_of_a_file_is_checked(tmp_path, proof):
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"outcomes": [{"certificate": proof}, {"certificates": {"again": proof}}]}))
    done = verify(file)
    assert done.exit_code == 0
    first, second = done.output.strip().splitlines()
    assert first.startswith("✓ outcomes[0].certificate: every payoff of the inner set")
    assert "conditions checked" in first
    assert second.startswith("✓ outcomes[1].certificates.again: ")


def test_lines_of_json_are_read_one_by_one(tmp_path, proof):
    file = tmp_path / "solved.jsonl"
    file.write_text("".join(json.dumps({"status": "EXACT", "certificate": proof}) + "\n" for _ in range(2)))
    done = verify(file, "--json")
    assert done.exit_code == 0
    data = json.loads(done.output)
    assert data["holds"] is True
    assert [row["certificate"] for row in data["certificates"]] == ["line 1.certificate", "line 2.certificate"]


def test_the_first_condition_that_fails_is_named(tmp_path, proof):
    changed = json.loads(json.dumps(proof))
    changed["game"]["discount"] = "1/10"
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({"certificate": changed}))
    done = verify(file)
    assert done.exit_code == 1
    assert "✗ certificate: does not hold after" in done.output
    assert "keep" in done.output or "raise" in done.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "neither JSON nor JSON lines"),
        ("{]", "neither JSON nor JSON lines"),
        ("{}", "holds no certificate"),
        ('{"certificate": {"format": "negotiation certificate", "version": 99}}', "version"),
        ('{"certificate": {"format": "of somebody else"}}', "format"),
    ],
)
def test_what_cannot_be_read_ends_with_2(tmp_path, text, message):
    file = tmp_path / "x.json"
    file.write_text(text)
    done = verify(file)
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output


def test_a_missing_file_ends_with_2(tmp_path):
    assert verify(tmp_path / "nothing.json").exit_code == 2
    assert verify(tmp_path).exit_code == 2


def test_a_folder_is_compared_with_its_manifest(folder):
    done = verify(folder)
    assert "✓ 5 files with the digest that run.json records" in done.output
    (folder / "report.md").write_text("another text")
    done = verify(folder)
    assert done.exit_code == 1
    assert "✗ report.md: not the file that run.json records" in done.output


def test_a_folder_with_certificates_is_checked(folder, proof):
    results = json.loads((folder / "results.json").read_text())
    (folder / "results.json").write_text(json.dumps({**results, "certificate": proof}))
    run = json.loads((folder / "run.json").read_text())
    run["files"]["results.json"] = hashlib.sha256((folder / "results.json").read_bytes()).hexdigest()
    (folder / "run.json").write_text(json.dumps(run))
    done = verify(folder)
    assert done.exit_code == 0, done.output
    assert done.output.count("✓") == 2
    done = verify(folder, "--again")
    assert done.exit_code == 1
    assert "✗ results.json: another digest when run again" in done.output


def regime(holds):
    """A printed verdict on grim trigger in a prisoners' dilemma where it holds (delta 1/2) or does not (1/10)."""
    grim = Automaton(("peace", "war"), [[0, 0], [1, 1]], [[[1, 0]], [[0, 1]]], [[1, 1], [1, 1]], np.zeros((2, 2, 2, 2)))
    payoffs = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    stage = StageGame(("US", "China"), (("keep", "raise"), ("license", "withhold")), payoffs)
    game = DynamicGame.repeated(stage, Fraction(1, 2 if holds else 10))
    data, verdict = regime_certificate(game, grim)
    assert verdict.holds is holds
    return {**plain(verdict), "certificate": data}


def test_no_equilibrium_as_reported_is_a_true_report(tmp_path, proof):
    """Every certificate is checked, those after a regime that does not hold included."""
    file = tmp_path / "results.json"
    file.write_text(json.dumps([regime(False), regime(True), {"certificate": proof}]))
    done = verify(file)
    assert done.exit_code == 0
    first, second, third = done.output.strip().splitlines()
    assert first.startswith("✓ [0].certificate: as reported, no equilibrium: ")
    assert second.startswith("✓ [1].certificate: the strategy with 2 states is an equilibrium")
    assert third.startswith("✓ [2].certificate: every payoff")


@pytest.mark.parametrize("truth", [True, False])
def test_a_verdict_that_is_altered_is_false(tmp_path, proof, truth):
    file = tmp_path / "results.json"
    printed = regime(truth)
    for key, value in (("holds", not truth), ("checked", 1), ("failure", "x"), ("proven", "x"), ("holds", int(truth))):
        file.write_text(json.dumps([{**printed, key: value}, {"certificate": proof}]))
        done = verify(file)
        assert done.exit_code == 1
        assert f"✗ {key}: " in done.output
        assert "✓ [1].certificate" in done.output


def test_an_altered_answer_is_named(tmp_path):
    """Sets, bounds and status beside a certificate that holds."""
    game = {"payoffs": [[[9, 1], [10, 3]], [[9, 10], [1, 3]]], "discount": "1/2"}
    (tmp_path / "game.json").write_text(json.dumps(game))
    printed = json.loads(runner.invoke(app, ["solve", str(tmp_path / "game.json"), "--json"]).stdout)
    file = tmp_path / "answer.json"
    changes = {
        "inner": [[0, 0]],
        "outer": [[3, 3], [9, 3], [9, 9]],
        "status": "gap",
        "gap": 0.25,
        "bounds": {**printed["bounds"], "player 1": {**printed["bounds"]["player 1"], "none_above": 9}},
        "words": "Solved.",
    }
    for key, value in changes.items():
        file.write_text(json.dumps({**printed, key: value}))
        done = verify(file)
        assert done.exit_code == 1
        assert f"✗ {key}" in done.output
    file.write_text(json.dumps(printed))
    assert verify(file).exit_code == 0


def test_a_threshold_and_the_game_of_an_outcome_are_compared(tmp_path):
    """The stretches of patience with the proofs at their ends, and the game that is printed with its certificate's."""
    payoffs = np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]])
    stage = StageGame(("US", "China"), (("keep", "raise"), ("license", "withhold")), payoffs)
    proofs = []
    for discount, answer in ((0.125, "no"), (0.25, "yes")):
        play = play_certificate(with_certificate(solve_perfect(DynamicGame.repeated(stage, discount))), (0, 0))
        assert play["answer"] == answer
        proofs.append({"value": discount, "answer": f"proven_{answer}", "certificate": play})
    stretches = [
        {"answer": "PROVEN_NO", "low": 0.05, "high": 0.125},
        {"answer": "UNDECIDED", "low": 0.125, "high": 0.25},
        {"answer": "PROVEN_YES", "low": 0.25, "high": 0.995},
    ]
    printed = regime(True)
    game = {"payoffs": payoffs.tolist(), "discount": 0.5, "likelihood": [[[1], [1]], [[1], [1]]]}
    patience = {"checked": True, "stretches": stretches, "proofs": proofs}
    truth = json.dumps({"game": game, "proven": {"regime": printed, "patience": patience}})
    file = tmp_path / "results.json"
    file.write_text(truth)
    assert verify(file).exit_code == 0
    changes = {
        '"high": 0.125': '"high": 0.126',
        '"low": 0.25,': '"low": 0.2,',
        '"answer": "PROVEN_NO"': '"answer": "PROVEN_YES"',
        '"value": 0.25': '"value": 0.26',
        '"answer": "proven_no"': '"answer": "proven_yes"',
        "[[[9.0, 1.0]": "[[[9.0, 1.5]",
        '"discount": 0.5': '"discount": 0.6',
        "[[[1], [1]]": "[[[1], [0]]",
    }
    for before, after in changes.items():
        assert before in truth
        file.write_text(truth.replace(before, after, 1))
        done = verify(file)
        assert done.exit_code == 1, (before, done.output)
