"""Imports of counts in the store: drafts, changes, undoing, areas, and nothing of people."""

from __future__ import annotations

from typing import Any

import pytest
from inbox_arrivals import noted
from village import Region, dump

from hub.exports.services import ExportRefused
from hub.other_data.cells import DataRefused
from hub.other_data.imports import DRAFT_KEPT_S, OtherImports
from hub.other_data.series import OtherSeriesStore
from hub.other_data.services import Changed, SeriesDraft, UnknownSeries
from hub.other_data.units import Unit
from hub.other_data.week_words import iso_week
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
OF_BELU = SignedIn("budi", "supervisor", ("53.04",))
OF_NTB = SignedIn("sari", "supervisor", ("52",))
PASSPORTS = SeriesDraft("Paspor", "Imigrasi NTT", "passports", "53")
FILE = (
    b"Kabupaten;Minggu;Jumlah;Nama;No HP\n"
    b"Belu;2026-W40;12;Melati;0812-0000-3141\n53.18;2026-W40;5;Sekar;0812-0000-3142\n"
)
WEEK = iso_week(2026, 40) or 0


@pytest.fixture
def series(region: Region) -> OtherSeriesStore:
    return region.hub.store.early.series


@pytest.fixture
def imports(region: Region) -> OtherImports:
    return region.hub.store.early.series_imports


def kept(region: Region) -> list[tuple[object, ...]]:
    tables = dump(region.hub_folder)
    return [*tables["other_series"], *tables["other_count"], *tables["other_change"]]


def test_a_file_changes_nothing_before_it_is_carried_out_and_all_in_one(
    region: Region, series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    before = kept(region)
    batch = imports.upload(number, FILE, who=KETUT)
    draft = imports.view(batch, who=KETUT).draft
    assert draft is not None
    assert draft.headings == ("Kabupaten", "Minggu", "Jumlah")
    assert [(one.heading, one.why) for one in draft.left_out] == [("Nama", "name"), ("No HP", "phone")]
    assert draft.new_series == (Unit("53.04"), Unit("53.18"))
    assert kept(region) == before
    everything = repr(dump(region.hub_folder))
    assert not any(secret in everything for secret in ("Melati", "Sekar", "0812")), (
        "nothing of people is stored"
    )
    assert imports.carry_out(batch, who=KETUT) == 2
    rows = {row.told.unit: row for row in series.rows(who=KETUT)}
    assert set(rows) == {"53", "53.04", "53.18"}
    assert (rows["53.04"].told.office, rows["53.04"].last_week, rows["53.04"].waits) == (
        "Imigrasi NTT",
        WEEK,
        True,
    )
    assert ("ketut", "series imported", f"series-import {batch}") in noted(region)
    assert "2026-W40" not in repr(dump(region.hub_folder)["other_import"]), "the draft is gone"
    with pytest.raises(DataRefused):
        imports.carry_out(batch, who=KETUT)


def test_the_same_weeks_are_replaced_and_an_import_is_undone_as_a_whole(
    region: Region, series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    first = imports.upload(number, FILE, who=KETUT)
    imports.carry_out(first, who=KETUT)
    after_first = kept(region)
    second = imports.upload(number, FILE.replace(b";12;", b";15;") + b"Alor;2026-W41;1;;\n", who=KETUT)
    view = imports.view(second, who=KETUT)
    assert view.changed == (Changed(Unit("53.04"), WEEK, 12, 15),)
    assert view.same == 1
    assert imports.carry_out(second, who=KETUT) == 2
    assert imports.view(second, who=KETUT).changed == view.changed
    with pytest.raises(DataRefused, match=f"Impor {second}"):
        imports.undo(first, "salah", who=KETUT)
    with pytest.raises(DataRefused, match="alasan"):
        imports.undo(second, " ", who=KETUT)
    imports.undo(second, "salah berkas", who=KETUT)
    tables = dump(region.hub_folder)
    counts = {row[:3] for row in tables["other_count"]}
    assert counts == {row[:3] for row in after_first if row in tables["other_count"]}
    assert [row.told.unit for row in series.rows(who=KETUT)] == ["53", "53.04", "53.18"]
    imports.undo(first, "salah berkas", who=KETUT)
    assert dump(region.hub_folder)["other_count"] == []
    assert [row.told.unit for row in series.rows(who=KETUT)] == ["53"]
    with pytest.raises(DataRefused):
        imports.undo(first, "lagi", who=KETUT)
    again = imports.upload(number, FILE, who=KETUT)
    assert imports.carry_out(again, who=KETUT) == 2, "a series that went comes back"
    same = imports.upload(number, FILE, who=KETUT)
    with pytest.raises(DataRefused, match="sudah ada"):
        imports.carry_out(same, who=KETUT)
    series.change(number, PASSPORTS, who=KETUT)
    told = noted(region)
    assert ("ketut", "series file uploaded", f"series-import {first}") in told
    assert ("ketut", "series import undone", f"series-import {second}") in told
    assert told[-1] == ("ketut", "series changed", f"series {number}")


def test_accounts_see_and_bring_what_lies_in_their_areas(
    series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    imports.carry_out(imports.upload(number, FILE, who=KETUT), who=KETUT)
    [belu] = series.rows(who=OF_BELU)
    assert belu.told.unit == "53.04"
    assert series.rows(who=OF_NTB) == []
    assert [row.told.unit for row in series.rows(who=KETUT, area="53.04")] == ["53.04"]
    assert series.rows(who=KETUT, kind="ferries") == []
    for look in (series.row, series.found, series.export, imports.of_series):
        with pytest.raises(UnknownSeries):
            look(number, who=OF_BELU)
    with pytest.raises(UnknownSeries):
        imports.upload(number, FILE, who=OF_BELU)
    with pytest.raises(DataRefused, match="di dalam wilayah"):
        series.make(SeriesDraft("x", "y", "other", "53"), who=OF_BELU)
    mine = imports.upload(belu.id, FILE.replace(b";12;", b";13;"), who=OF_BELU)
    draft = imports.view(mine, who=OF_BELU).draft
    assert draft is not None
    assert list(draft.reading.counts) == [Unit("53.04")]
    assert [one.why for one in draft.reading.refused] == ["Di luar wilayah Anda."]
    with pytest.raises(UnknownSeries):
        imports.view(mine, who=KETUT)
    both = imports.upload(belu.id, FILE.replace(b";12;", b";14;").replace(b";5;", b";7;"), who=KETUT)
    imports.carry_out(both, who=KETUT)
    assert len(imports.view(both, who=KETUT).changed) == 2
    assert imports.view(both, who=OF_BELU).changed == (Changed(Unit("53.04"), WEEK, 12, 14),)
    with pytest.raises(DataRefused, match="mengubah wilayah lain"):
        imports.undo(both, "bukan milik kita", who=OF_BELU)


def test_what_was_looked_at_is_carried_out_and_nothing_else(
    series: OtherSeriesStore, imports: OtherImports, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    batch = imports.upload(number, FILE, who=KETUT)
    read = imports._read

    def read_and_change(row: Any, who: SignedIn) -> Any:
        found = read(row, who)
        imports.set_mapping(batch, ("", "week", "count"), "", {}, who=KETUT)
        return found

    monkeypatch.setattr(imports, "_read", read_and_change)
    with pytest.raises(DataRefused, match="baru saja diubah"):
        imports.carry_out(batch, who=KETUT)
    assert [row.told.unit for row in series.rows(who=KETUT)] == ["53"]


def test_meanings_are_chosen_and_remembered_for_the_office(
    series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    file = b"Pos;Tanggal;Masuk;Ditolak\nPLBN Contoh;03/04/2026;9;2\nKupang;03/04/2026;9;3\n"
    batch = imports.upload(number, file, who=KETUT)
    view = imports.view(batch, who=KETUT)
    assert view.draft is not None
    assert view.draft.reading.asks_order
    with pytest.raises(DataRefused, match="Pilih dulu"):
        imports.carry_out(batch, who=KETUT)
    units = {"PLBN Contoh": Unit("53.04", "PLBN Contoh"), "Kupang": Unit("53.71")}
    for columns, unit in ((["unit"], units), (["x"] * 4, units), (["", "", "", ""], {"a": Unit("99")})):
        with pytest.raises(DataRefused):
            imports.set_mapping(batch, columns, "dm", unit, who=KETUT)
    imports.set_mapping(batch, ["unit", "week", "", "count"], "dm", units, who=KETUT)
    assert imports.carry_out(batch, who=KETUT) == 2
    assert {(row.told.unit, row.told.place) for row in series.rows(who=KETUT)} >= {
        ("53.04", "PLBN Contoh"),
        ("53.71", ""),
    }
    later = imports.upload(number, file.replace(b"03/04", b"10/04"), who=KETUT)
    draft = imports.view(later, who=KETUT).draft
    assert draft is not None
    assert (draft.mapping.columns, draft.mapping.order) == (("unit", "week", "", "count"), "dm")
    assert (draft.reading.numbers, draft.reading.unknown) == (2, [])


def test_drafts_go_after_a_day_or_when_they_are_dropped(
    region: Region, series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    first, second = (imports.upload(number, FILE, who=KETUT) for _ in range(2))
    imports.drop(first, who=KETUT)
    with pytest.raises(UnknownSeries):
        imports.view(first, who=KETUT)
    region.clock.advance(DRAFT_KEPT_S + 1)
    with pytest.raises(UnknownSeries):
        imports.carry_out(second, who=KETUT)
    imports.empty_old_drafts()
    assert "Belu" not in repr(dump(region.hub_folder)["other_import"])


def test_what_is_said_of_a_series_is_checked(series: OtherSeriesStore) -> None:
    series.make(PASSPORTS, who=KETUT)
    for wrong in (
        PASSPORTS,
        SeriesDraft("", "y", "other"),
        SeriesDraft("x", "y", "z"),
        SeriesDraft("x", "y", "other", "99"),
        SeriesDraft("x", "y", "other", "53", "PLBN Contoh"),
        SeriesDraft("x", "y", "other", method="mean"),
        SeriesDraft("x", "y", "other", settings=("logRatio=high",)),
        SeriesDraft("x", "y", "other", method="glrnb", settings=("dir=dec",)),
        SeriesDraft("x", "y", "other", stale_weeks=0),
    ):
        with pytest.raises(DataRefused):
            series.make(wrong, who=KETUT)
    series.change(
        1, SeriesDraft("", "", "", note="Tiap Senin", method="earsC", settings=("method=C2",)), who=KETUT
    )
    told = series.row(1, who=KETUT).told
    assert (told.name, told.note, told.method, told.settings) == (
        "Paspor",
        "Tiap Senin",
        "earsC",
        ("method=C2",),
    )


def test_a_series_is_exported_and_read_again(
    region: Region, series: OtherSeriesStore, imports: OtherImports
) -> None:
    number = series.make(SeriesDraft("=Paspor", "Imigrasi NTT", "passports", "53.04"), who=KETUT)
    imports.carry_out(
        imports.upload(number, b"Minggu;Jumlah\n2026-W40;12\n2026-W42;0\n", who=KETUT), who=KETUT
    )
    content = b"".join(series.export(number, who=KETUT).pieces)
    assert b"\n'=Paspor,Imigrasi NTT," in content, "no spreadsheet computes a name"
    assert content.count(b"2026-") == 2, "a week without a number has no row"
    assert ("ketut", "series exported", f"export csv series={number} rows=2") in noted(region)
    other = series.make(SeriesDraft("Salinan", "Imigrasi NTT", "passports", "53.04"), who=KETUT)
    batch = imports.upload(other, content, who=KETUT)
    assert imports.carry_out(batch, who=KETUT) == 2
    assert series.counts(other) == series.counts(number)


def test_an_export_over_the_limit_is_refused(
    series: OtherSeriesStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = series.make(PASSPORTS, who=KETUT)
    monkeypatch.setattr("hub.exports.ledger.ROWS_A_DAY", -1)
    with pytest.raises(ExportRefused):
        series.export(number, who=KETUT)
