"""Imports in the store: a draft changes nothing, one transaction, duplicates, undoing."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, noted
from village import Region, dump

from hub.cases.case_services import UnknownCase
from hub.cases.states import StepRefused
from hub.imports.imports import DRAFT_KEPT_S, Imports
from hub.imports.reading import FileRefused
from hub.imports.services import UnknownImport

FILE = (
    b"id,judul,nama,perekrut,telepon perekrut,tempat,uraian\n"
    b"A-1,Tiga anak,Melati,Pak Contoh,0812-0000-4321,Batam,cerita\nA-2,,,,,,\n,Tanpa nomor,,,,,\n"
)


@pytest.fixture
def imports(region: Region) -> Imports:
    return region.hub.store.imports


def cases_of(region: Region) -> list[tuple[object, ...]]:
    tables = dump(region.hub_folder)
    return [row for name in ("case_file", "case_step", "case_place", "imported_case") for row in tables[name]]


def test_nothing_changes_before_it_is_carried_out(region: Region, imports: Imports) -> None:
    batch = imports.upload("  BP3MI  NTB ", FILE, who=BUDI)
    view = imports.view(batch, who=BUDI)
    assert view.row.source == "BP3MI NTB"
    assert view.columns == ("id", "title", "person", "recruiter", "recruiter_phone", "place", "story")
    assert [draft.blocked for draft in view.drafts] == [False, False, True]
    imports.set_columns(batch, ["id", "", "person", "", "", "", "story"], who=BUDI)
    assert imports.view(batch, who=BUDI).drafts[0].title == "BP3MI NTB A-1"
    for columns in (["id"], ["x"] * 7):
        with pytest.raises(StepRefused):
            imports.set_columns(batch, columns, who=BUDI)
    assert cases_of(region) == []
    for look in (imports.view, imports.drop, imports.carry_out):
        with pytest.raises(UnknownImport):
            look(batch, who=SARI)
    assert imports.rows(who=SARI) == []
    imports.drop(batch, who=BUDI)
    assert "Melati" not in repr(dump(region.hub_folder)["import_batch"])
    with pytest.raises(UnknownImport):
        imports.view(batch, who=BUDI)
    with pytest.raises(FileRefused):
        imports.upload("x", b"", who=BUDI)
    with pytest.raises(StepRefused):
        imports.upload(" ", FILE, who=BUDI)


def test_cases_come_with_their_source_and_nobody_is_linked(region: Region, imports: Imports) -> None:
    batch = imports.upload("BP3MI NTB", FILE, who=BUDI)
    assert imports.carry_out(batch, who=BUDI) == 2
    view = imports.view(batch, who=SARI)
    assert (view.row.state, view.row.count, len(view.cases)) == ("done", 2, 2)
    case = region.hub.store.cases.view(view.cases[0], who=SARI)
    assert (case.row.title, case.people, case.row.state) == ("Tiga anak", (), "open")
    assert [text for _, text in case.places] == ["Batam"]
    assert [(step.what, step.detail) for step in case.history][-1] == ("imported", "BP3MI NTB, nomor A-1")
    origin = imports.of_case(view.cases[0])
    assert origin is not None
    assert (origin.source, origin.source_id, origin.told["recruiter"]) == ("BP3MI NTB", "A-1", "Pak Contoh")
    assert imports.of_case("2099-0001") is None
    assert dump(region.hub_folder)["case_person"] == []
    assert "Melati" not in repr(dump(region.hub_folder)["import_batch"]), "the draft is gone"
    assert ("budi", "import carried out", f"import {batch}") in noted(region)
    with pytest.raises(StepRefused):
        imports.carry_out(batch, who=BUDI)


def test_what_was_imported_before_is_not_imported_again(region: Region, imports: Imports) -> None:
    imports.carry_out(imports.upload("BP3MI NTB", FILE, who=BUDI), who=BUDI)
    again = imports.upload("bp3mi  ntb", FILE + b"A-3,Baru,,,,,\n", who=BUDI)
    assert [draft.blocked for draft in imports.view(again, who=BUDI).drafts] == [True, True, True, False]
    assert imports.carry_out(again, who=BUDI) == 1
    other = imports.upload("BP3MI NTT", FILE, who=BUDI)
    assert imports.carry_out(other, who=BUDI) == 2, "another source has numbers of its own"
    nothing = imports.upload("BP3MI NTB", FILE, who=BUDI)
    with pytest.raises(StepRefused, match="Tidak ada baris"):
        imports.carry_out(nothing, who=BUDI)


def test_one_that_fails_imports_nothing(
    region: Region, imports: Imports, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = imports.upload("BP3MI NTB", FILE, who=BUDI)
    before = dump(region.hub_folder)
    cases = region.hub.store.cases
    opened = cases.open

    def fails(title: str, **who: object) -> str:
        if title != "Tiga anak":
            raise StepRefused("kedua")
        return opened(title, **who)  # type: ignore[arg-type]

    monkeypatch.setattr(cases, "open", fails)
    with pytest.raises(StepRefused, match="kedua"):
        imports.carry_out(batch, who=BUDI)
    assert dump(region.hub_folder) == before


def test_a_whole_import_is_undone_and_its_numbers_are_not_used_again(
    region: Region, imports: Imports
) -> None:
    batch = imports.upload("BP3MI NTB", FILE, who=BUDI)
    imports.carry_out(batch, who=BUDI)
    numbers = imports.view(batch, who=BUDI).cases
    with pytest.raises(StepRefused, match="alasan"):
        imports.undo(batch, "", who=BUDI)
    imports.undo(batch, "berkas salah", who=BUDI)
    assert imports.view(batch, who=BUDI).cases == ()
    left = repr(dump(region.hub_folder))
    assert "Tiga anak" not in left
    assert "Melati" not in left
    for number in numbers:
        with pytest.raises(UnknownCase):
            region.hub.store.cases.view(number, who=BUDI)
    with pytest.raises(StepRefused):
        imports.undo(batch, "lagi", who=BUDI)
    again = imports.upload("BP3MI NTB", FILE, who=BUDI)
    assert imports.carry_out(again, who=BUDI) == 2
    assert not set(numbers) & set(imports.view(again, who=BUDI).cases)


@pytest.mark.parametrize("touch", ["comment", "person"])
def test_what_somebody_works_with_is_not_removed(region: Region, imports: Imports, touch: str) -> None:
    batch = imports.upload("BP3MI NTB", FILE, who=BUDI)
    imports.carry_out(batch, who=BUDI)
    number = imports.view(batch, who=BUDI).cases[1]
    cases = region.hub.store.cases
    if touch == "comment":
        cases.comment(number, "sudah ditelepon", who=SARI)
    else:
        cases.add_person(number, "Pak Contoh", "", "", who=SARI)
    before = dump(region.hub_folder)
    with pytest.raises(StepRefused, match=f"1 kasusnya \\({number}\\)"):
        imports.undo(batch, "salah", who=BUDI)
    assert dump(region.hub_folder) == before


def test_a_draft_that_nobody_carried_out_is_gone_after_a_day(region: Region, imports: Imports) -> None:
    old = imports.upload("BP3MI NTB", FILE, who=BUDI)
    region.clock.advance(86_401)
    imports.upload("BP3MI NTB", FILE, who=BUDI)
    with pytest.raises(UnknownImport):
        imports.view(old, who=BUDI)


def test_a_draft_is_gone_after_a_day_whoever_uploads_or_not(region: Region, imports: Imports) -> None:
    batch = imports.upload("BP3MI NTB", FILE, who=BUDI)
    region.clock.advance(DRAFT_KEPT_S + 1)
    for late in (
        lambda: imports.view(batch, who=BUDI),
        lambda: imports.carry_out(batch, who=BUDI),
    ):
        with pytest.raises(UnknownImport):
            late()
    assert "Melati" in repr(dump(region.hub_folder)["import_batch"])
    [job] = imports.jobs()
    job.run()
    assert "Melati" not in repr(dump(region.hub_folder)["import_batch"])
