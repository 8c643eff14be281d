"""Shipment files: what is read, what was known when, what totals leave, and one clear sentence for every mistake."""

import math
from datetime import date

import pytest

from negotiation.errors import InputError
from negotiation.evidence.answers.deliberate_share import load_licensing
from negotiation.evidence.data.months import customs_day, month_of, parse_span
from negotiation.evidence.data.shipments import load_shipments, read_shipments
from negotiation.evidence.data.span_totals import open_totals
from negotiation.evidence.model.history import build_history

HEAD = "month,destination,tonnes,source,url,confidence\n"
TODAY = date(2026, 11, 26)


def read(*lines, head=HEAD):
    return read_shipments("mine.csv", head + "\n".join(lines) + "\n")


def row(month="2025-03", to="US", tonnes="585", confidence="found-in-source"):
    return f"{month},{to},{tonnes},customs,https://example.org,{confidence}"


BAD = {
    "wrong column": (lambda: read(row(), head=HEAD.replace("tonnes", "tons")), "row 1", "tons"),
    "column missing": (lambda: read("2025-03", head="month\n"), "row 1", "'tonnes' is missing"),
    "negative": (lambda: read(row(tonnes="-3")), "row 2", "from 0 up, got -3"),
    "no number": (lambda: read(row(tonnes="many")), "row 2", "'many' is no number"),
    "not finite": (lambda: read(row(tonnes="inf")), "row 2", "got inf"),
    "twice": (lambda: read(row(), row()), "row 3", "given twice, first in row 2"),
    "destination": (lambda: read(row(to="WRLD")), "row 2", "did you mean 'WORLD'?"),
    "no month": (lambda: read(row("March")), "row 2", "'March' is no month"),
    "month 13": (lambda: read(row("2025-13")), "row 2", "13 is no month of a year"),
    "month 0": (lambda: read(row("2025-00")), "row 2", "0 is no month of a year"),
    "span to month 0": (lambda: read(row("2025-03..00")), "row 2", "0 is no month of a year"),
    "column twice": (
        lambda: read(row() + ",US", head=HEAD.replace("confidence", "confidence,source")),
        "row 1",
        "twice",
    ),
    "span backwards": (lambda: read(row("2025-04..02")), "row 2", "ends before"),
    "future": (lambda: read(row("2999-11")), "row 2", "not over yet on"),
    "confidence": (lambda: read(row(confidence="sure")), "row 2", "'sure' is unknown"),
    "cells": (lambda: read("2025-03,US,585"), "row 2", "has 3 cells for 6 columns"),
    "published": (
        lambda: read(row() + ",soon", head=HEAD.replace("confidence", "confidence,published")),
        "row 2",
        "'soon' is not a date",
    ),
    "total over": (
        lambda: read(row("2025-01", tonnes="600"), row("2025-02", tonnes="500"), row("2025-01..02", tonnes="1200")),
        "row 4",
        "its months add up to 1100 t",
    ),
    "total too small for what is known": (
        lambda: read(row("2025-01", tonnes="600"), row("2025-01..02", tonnes="500")),
        "row 3",
        "the months known already add up to 600 t",
    ),
    "empty": (lambda: read(head=""), "row 1", "is empty"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_sentence_with_its_row(name):
    make, where, words = BAD[name]
    with pytest.raises(InputError) as caught:
        make()
    sentences = [problem.sentence() for problem in caught.value.problems]
    assert any(where in sentence and words in sentence for sentence in sentences), sentences
    assert str(caught.value).startswith("mine.csv: ")


RAW = (
    "Date of data,Commodity code,Commodity,Partner code,Trading partner,Quantity,Unit,Value (US dollar)",
    "period,HS code,country,kg",
    "month,destination,kg,source,url,confidence",
    "refPeriodId,cmdCode,partnerDesc,netWgt,primaryValue",
    "数据年月,商品编码,商品名称,贸易伙伴名称,第一数量,第一计量单位",
    "month,Trading_partner,net_weight_kg",
)


@pytest.mark.parametrize("header", RAW)
def test_raw_customs_rows_are_refused_in_one_sentence_that_says_how_to_turn_them_round(header):
    with pytest.raises(InputError) as caught:
        read("202501,85051110,magnets,United States,590000", "202502,85051110,magnets,Germany,1", head=f"{header}\n")
    (problem,) = caught.value.problems
    assert problem.sentence().startswith("row 1: these are raw customs rows (")
    for word in ("2026-01", "US for the United States", "WORLD", "tonnes as kg / 1000", "source, url, confidence"):
        assert word in problem.hint


def test_every_mistake_is_reported_at_once():
    with pytest.raises(InputError) as caught:
        read(row(tonnes="-1"), row("2025-99"), row(to="XX"))
    assert len(caught.value.problems) == 3


def test_a_total_may_differ_by_rounding():
    rows = read(row("2025-01", tonnes="600"), row("2025-02", tonnes="500"), row("2025-01..02", tonnes="1102"))
    assert open_totals(rows.to("US")) == ()


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        load_shipments(tmp_path / "none.csv")
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not text in UTF-8"):
        load_shipments(latin)


def test_every_shipped_row_has_source_confidence_and_day(rows):
    assert len(rows.rows) > 150
    for item in rows.rows:
        assert item.source
        assert item.published > f"{item.span[-1] // 12}-{item.span[-1] % 12 + 1:02d}"
        assert item.url or item.tonnes is None
    for fact in load_licensing():
        assert fact.source
        assert fact.url
        assert fact.published


def test_missing_months_stay_missing(rows, events):
    history = build_history(rows, events, TODAY)
    assert history.us_singles == 16
    for month in ((2024, 11), (2025, 1), (2025, 2)):
        t = history.index(month_of(*month))
        assert history.data[t, 1] != history.data[t, 1]


def test_totals_leave_what_the_sources_say_of_the_missing_months(rows):
    """The notes of the sources: about 2,193 t, 1,342 t, 9,450-9,480 t and 10,372 t."""
    us = {total.months: total.tonnes for total in open_totals(rows.to("US"))}
    world = {total.months: total.tonnes for total in open_totals(rows.to("WORLD"))}
    months = [tuple(parse_span(text)) for text in ("2024-01", "2024-03", "2024-11", "2024-12")]
    assert us[tuple(parse_span("2024-01..04"))] == pytest.approx(2193, abs=1)
    assert us[months[2] + months[3]] == pytest.approx(1342, abs=2)
    assert 9450 <= world[months[0] + months[1]] <= 9480
    assert world[months[2] + months[3]] == pytest.approx(10372, abs=10)


@pytest.mark.parametrize(
    ("day", "world", "us"), [("2025-06-17", 4, 4), ("2025-06-18", 5, 4), ("2025-06-20", 5, 5), ("2025-05-19", 4, 3)]
)
def test_only_what_was_published_is_known(rows, events, day, world, us):
    """Customs publishes a month about the 20th of the next, the world total on the 18th."""
    known = rows.as_of(date.fromisoformat(day))
    assert max(item.span[-1] for item in known.to("WORLD") if item.single) == month_of(2025, world)
    assert max(item.span[-1] for item in known.to("US") if item.single) == month_of(2025, us)
    assert all(row.published <= day for row in events.as_of(date.fromisoformat(day)).rows)


def test_january_is_published_with_february():
    assert customs_day(month_of(2025, 1), "US") == date(2025, 3, 20)
    assert customs_day(month_of(2025, 6), "US") == date(2025, 7, 20)


def test_new_rows_replace_the_same_month_and_contradictions_are_found(rows):
    merged = rows.with_rows(read(row("2025-12", tonnes="570")))
    assert [item.tonnes for item in merged.to("US") if item.span.start == month_of(2025, 12) and item.single] == [570]
    with pytest.raises(InputError, match="the total of 2025 to US is 5933 t"):
        rows.with_rows(read(row("2025-12", tonnes="900")))


def test_more_to_the_us_than_to_the_world_is_refused(events):
    with pytest.raises(InputError, match="2025-03: 700 t went to the US but only 600 t"):
        build_history(read(row(tonnes="700"), row(to="WORLD", tonnes="600")), events, TODAY)


def test_nothing_published_yet_is_said(rows, events):
    with pytest.raises(InputError, match=r"no single month .* published by 2020-01-01"):
        build_history(rows, events, date(2020, 1, 1))


def test_tariffs_are_averaged_over_the_days_of_a_month(events):
    """February 2025: 3 days without and 25 with the ten points."""
    assert events.log_tariff(month_of(2025, 2)) == pytest.approx(25 / 28 * math.log(1.1), rel=1e-12)
    assert events.log_tariff(month_of(2024, 6)) == 0
    assert events.licences_from() == month_of(2025, 4)
