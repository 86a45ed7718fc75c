"""The documents model: filter, sort, and patches against a model built anew."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from annotator.ui.documents.model import SORTS, DocumentsModel


@dataclass(frozen=True)
class Row:
    id: str
    title: str = ""
    outlet: str = ""
    date: str = ""
    author: str = ""
    status: str = "new"
    position: int = 0


ROWS = [
    Row("a", "Envoy returns to Paris", "Meridian Post", "2026-01-08", "R. Amin", position=0),
    Row("b", "Opposition parties question plan", "Coastal Herald", "2026-01-07", status="done", position=1),
    Row("c", "Ärzte ohne Grenzen warnt", "Levant Wire", "2025-12-30", status="in progress", position=2),
]


@pytest.fixture
def model(qapp):
    made = DocumentsModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    made.set_rows(ROWS)
    return made


@pytest.mark.parametrize(
    ("text", "ids"),
    [("PARIS", "a"), ("coastal", "b"), ("2025-12", "c"), ("amin", "a"), ("ärzte", "c"), ("post envoy", "a"), ("x", "")],
)
def test_filter_looks_in_title_outlet_date_author(model, text, ids):
    model.set_filter(text)
    assert "".join(model.shown_ids()) == ids


def test_status_filter_and_counts(model):
    model.set_filter("", "done")
    assert model.shown_ids() == ["b"]
    assert model.counts() == (1, 3)


@pytest.mark.parametrize(("key", "ids"), [("date", "cba"), ("title", "abc"), ("status", "acb"), ("position", "abc")])
def test_sort(model, key, ids):
    model.set_sort(key)
    assert "".join(model.shown_ids()) == ids


def test_a_patch_moves_only_its_row(model):
    model.set_sort("status")
    keeps = QPersistentModelIndex(model.index(model.place_of("b")))
    model.patch([replace(ROWS[0], status="done")])
    assert model.shown_ids() == ["c", "a", "b"]
    assert keeps.row() == 2
    assert model.counts() == (2, 3)


row = st.builds(
    Row,
    id=st.sampled_from("abcdefgh"),
    title=st.sampled_from(["one", "Two", "three", ""]),
    date=st.sampled_from(["", "2026-01-06", "2025"]),
    status=st.sampled_from(["new", "in progress", "done"]),
    position=st.integers(0, 4),
)
change = st.one_of(row, st.sampled_from("abcdefgh"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(row, unique_by=lambda r: r.id),
    changes=st.lists(change, max_size=12),
    sort=st.sampled_from(SORTS),
    needle=st.sampled_from(["", "t", "one 2026"]),
    status=st.sampled_from(["", "done"]),
)
def test_patching_equals_building_anew(qapp, first, changes, sort, needle, status):
    patched = DocumentsModel()
    tester = QAbstractItemModelTester(patched, QAbstractItemModelTester.FailureReportingMode.Fatal)
    patched.set_rows(first)
    patched.set_sort(sort)
    patched.set_filter(needle, status)
    rows = {r.id: r for r in first}
    for step in changes:
        if isinstance(step, str):
            rows.pop(step, None)
            patched.patch([], [step])
        else:
            rows[step.id] = step
            patched.patch([step])
    fresh = DocumentsModel()
    fresh.set_sort(sort)
    fresh.set_filter(needle, status)
    fresh.set_rows(list(rows.values()))
    assert patched.shown_ids() == fresh.shown_ids()
    assert patched.counts() == fresh.counts()
    tester.deleteLater()


def test_ten_thousand_rows_filter_at_once(qapp):
    many = DocumentsModel()
    rows = [Row(str(i), f"Title number {i} of many", "Outlet", "2026-01-06", position=i) for i in range(10_000)]
    started = time.perf_counter()
    many.set_rows(rows)
    many.set_filter("number 77")
    many.set_filter("")
    assert time.perf_counter() - started < 0.5
