"""The tidy table: rows in order, readable by the usual tools, the same numbers as the plain analysis."""

import csv
import json

import numpy as np
import pytest

from negotiation.calls.outcomes.outcome import analyse_outcome
from negotiation.errors import InputError
from negotiation.studies.run import run_study
from negotiation.studies.study import Axis, Study
from negotiation.studies.table import units
from negotiation.trade.parameters.changes import Change
from tests.studies.small import small_study

KEYS = ("stage_nash", "mutual_reversion", "proportional_snapback", "heavy_snapback", "compensation")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A small study with both tables."""
    folder = tmp_path_factory.mktemp("table") / "study"
    done = run_study(small_study(256), folder, engine="serial", table="csv")
    pytest.importorskip("duckdb")
    return run_study(small_study(256), folder, engine="serial", table="parquet"), done.table


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def test_a_row_for_each_point_outcome_and_regime(tmp_path, default_scenario):
    study = Study("s", default_scenario, axes=(Axis("minerals.leverage", [0.5, 0.85]),), calls=("no_call", "breakdown"))
    table = rows(run_study(study, tmp_path / "study", engine="serial").table)
    at = [(row["point"], row["outcome"], row["regime"]) for row in table]
    assert at == [(p, o, r) for p in "01" for o in ("no_call", "breakdown") for r in KEYS]
    for point, leverage in enumerate((0.5, 0.85)):
        changed = default_scenario.after([Change("minerals.leverage", "set", leverage)])
        for name in ("no_call", "breakdown"):
            want = analyse_outcome(changed, default_scenario.call(name), best_sets=False)
            for row in table:
                if (row["point"], row["outcome"]) != (str(point), name):
                    continue
                regime = want.regime(row["regime"])
                assert float(row["minerals.leverage"]) == leverage
                assert (row["holds"] == "true") == regime.holds
                assert float(row["margin"]) == pytest.approx(regime.margin, abs=1e-9)
                assert float(row["length"]) == regime.length
                assert float(row["payment"]) == pytest.approx(regime.payment, abs=1e-9)
                assert float(row["value_us"]) == pytest.approx(regime.values[0], abs=1e-9)
                assert float(row["value_china"]) == pytest.approx(regime.values[1], abs=1e-9)
                assert float(row["joint"]) == pytest.approx(regime.joint, abs=1e-9)
                assert float(row["punished_share"]) == pytest.approx(regime.punished_share, abs=1e-6)


def test_refused_points_are_rows_with_their_reason(finished):
    refused = [row for row in rows(finished[1]) if row["state"] == "refused"]
    assert refused
    assert all(row["regime"] == row["joint"] == "" for row in refused)
    assert all("no weight on revenue makes the preferred tariff optimal" in row["reason"] for row in refused)
    points = {row["point"] for row in refused}
    assert len(points) == finished[0].not_computed


def test_parquet_holds_what_the_csv_holds(finished):
    import duckdb

    done, text = finished
    names = duckdb.sql(f"DESCRIBE SELECT * FROM '{done.table}'").fetchall()
    table = rows(text)
    assert [name[0] for name in names] == list(table[0])
    kept = duckdb.sql(f"SELECT count(*), sum(joint), count(*) FILTER (holds) FROM '{done.table}'").fetchall()[0]
    joints = [float(row["joint"]) for row in table if row["joint"]]
    assert kept[0] == len(table)
    known = duckdb.sql(f"SELECT sum(joint) FROM '{done.table}' WHERE state = 'done'").fetchall()[0][0]
    assert known == pytest.approx(sum(joints))
    assert kept[2] == sum(row["holds"] == "true" for row in table)
    notes = dict(duckdb.sql(f"SELECT key, value FROM parquet_kv_metadata('{done.table}')").fetchall())
    assert notes[b"minerals.leverage"] == b"USD bn/month"
    assert notes[b"length"] == b"months"


def test_pandas_and_polars_read_both(finished):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    done, text = finished
    joints = [pandas.read_csv(text)["joint"].sum(), pandas.read_parquet(done.table)["joint"].sum()]
    joints += [polars.read_csv(text)["joint"].sum(), polars.read_parquet(done.table)["joint"].fill_nan(0).sum()]
    assert np.ptp(joints) < 1e-6


def test_every_number_has_a_unit(finished):
    manifest = json.loads((finished[0].store.path / "study.json").read_text())
    found = units(manifest)
    numbers = {"margin", "length", "payment", "punished_share", "value_us", "value_china", "joint", "minerals.leverage"}
    assert numbers <= set(found)
    assert found["joint"] == "USD bn/month"
    assert manifest["seed"] == 7
    assert manifest["scenario"]["digest"]
    assert {"negotiation", "numpy", "python"} <= set(manifest["versions"])


def test_unknown_formats_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"did you mean 'parquet'"):
        run_study(small_study(64), tmp_path / "study", engine="serial", table="parket")
