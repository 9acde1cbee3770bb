"""Everything that may be seen is found, nothing else, and what is forgotten is gone from the file."""

from __future__ import annotations

from importlib import util
from pathlib import Path

import peewee
import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases import search as search_module
from hub.cases.search import Search
from hub.cases.search_models import SearchDoc
from hub.cases.search_words import kept_words, parse_query
from hub.models import Setting
from hub.services import SignedIn

MIGRATION = Path(search_module.__file__).parents[1] / "migrations" / "0048_search_areas.py"


@pytest.fixture
def search(region: Region) -> Search:
    return region.hub.store.search


def found(search: Search, text: str, who: SignedIn = SARI) -> list[str]:
    return [one.report for one in search.search(text, before=None, limit=50, who=who)[0]]


def test_narrative_names_and_phones_are_found(region: Region, search: Search) -> None:
    [story] = arrive(
        region, "Dijemput mobil hitam, hubungi nol delapan satu dua nol nol nol nol lima enam tujuh delapan"
    )
    [named] = arrive(
        region,
        "Lain",
        recruiter={
            "name": "Ny. Ténun Contoh",
            "phone": "+62 812-0000-4321",
            "company": "PT Contoh Jaya",
            "vehicle_plate": "DR 1234 XY",
        },
    )
    assert found(search, "mobil jemput") == []
    assert found(search, "MOBIL dijemput") == [story]
    assert found(search, "tenun") == found(search, "ténun contoh") == found(search, "PT contoh") == [named]
    for phone in ("081200004321", "0812 0000 4321", "6281200004321", "00004321", "4321", "0812-0000"):
        assert named in found(search, phone), phone
    assert found(search, "081200005678") == [story], "spelled in words"
    assert found(search, "DR 1234") == [named]
    assert found(search, "9999") == found(search, "") == found(search, '"*') == []


def test_additions_and_comments_are_found_with_their_report(region: Region, search: Search) -> None:
    taken = region.file("awal")
    region.settle()
    assert taken.code is not None
    assert taken.envelope_id is not None
    region.node().add_to_report(
        taken.code, "Kapal Sinar Contoh", urgent=False, question=None, form_token="x" * 20
    )
    region.settle()
    region.hub.store.triage.comment(taken.envelope_id, "Tanyakan kepada nakhoda", who=SARI)
    assert found(search, "sinar kapal") == found(search, "nakhoda") == [taken.envelope_id]


def test_words_of_the_query_language_are_words(region: Region, search: Search) -> None:
    [one] = arrive(region, "dan OR atau NEAR NOT digits")
    for typed in ("or", "NOT near", "digits", "AND"):
        assert found(search, typed) == ([one] if typed != "AND" else [])
    for typed in ("'", '"', "a:b", "(", ")", "^x", "x*", "a' | 'b", "\\", "%s", "\u0000"):
        found(search, typed)


def test_pages_go_down_and_miss_nothing(region: Region, search: Search) -> None:
    ids = arrive(region, *(f"cerita sama {n}" for n in range(7)))
    seen, before = [], None
    while True:
        page, before = search.search("cerita", before=before, limit=3, who=SARI)
        seen += [one.report for one in page]
        if before is None:
            break
    assert sorted(seen) == sorted(ids)


def test_other_areas_are_not_found(region: Region, search: Search) -> None:
    arrive(region, "kata rahasia")
    [there] = arrive(region, "kata rahasia", village=OTHER_VILLAGE)
    local = SignedIn("sari", "analyst")
    object.__setattr__(local, "areas", (OTHER_VILLAGE[:5],))
    assert found(search, "rahasia", local) == [there]
    assert len(found(search, "rahasia", BUDI)) == 2


def test_a_search_is_noted_without_its_words(region: Region, search: Search) -> None:
    [one] = arrive(region, "kata rahasia")
    found(search, "rahasia")
    assert noted(region) == [("sari", "searched", "texts 1"), ("sari", "found", f"report {one}")]
    assert found(search, "tidakada") == []
    assert noted(region)[2:] == [("sari", "searched", "texts 0")]


@pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
def test_what_is_forgotten_stands_nowhere_in_the_file(region: Region, search: Search) -> None:
    gone, kept = arrive(region, "Zebrafinken nomor 0812-0000-9753", "Kakatua tetap di sini")
    region.hub.store.triage.comment(gone, "Zebrafinken lagi", who=SARI)
    store = region.hub.store
    table = store.database.execute_sql("SELECT text FROM search_doc WHERE report = ?", (gone,)).fetchall()
    assert len(table) == 2
    store.writer.run(lambda: search.forget([gone]))
    assert found(search, "zebrafinken") == found(search, "9753") == []
    assert found(search, "kakatua") == [kept]
    assert [row.report for row in SearchDoc.select().execute(store.database)] == [kept]
    words = store.database.execute_sql("SELECT block FROM search_words_data").fetchall()
    pages = b"".join(bytes(row[0]) for row in words)
    assert b"zebrafinken"[3:] not in pages
    assert b"3579000021"[:6] not in pages
    assert b"akatua" in pages


@pytest.mark.parametrize("few", [1, 2000])
def test_pages_are_the_same_for_words_that_few_and_that_many_hold(
    region: Region, search: Search, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search_module, "FEW", few)
    ids = arrive(region, *(f"kakatua {number}" for number in range(7)))
    pages: list[list[str]] = []
    before: int | None = None
    while not pages or before is not None:
        rows, before = search.search("kakatua", before=before, limit=3, who=SARI)
        pages.append([row.report for row in rows])
    assert pages == [ids[:3:-1], ids[3:0:-1], ids[:1]]


@pytest.mark.parametrize("database_url", [None])  # what is read here is of SQLite
def test_no_search_scans(region: Region, search: Search) -> None:
    arrive(region, "satu", "dua")
    local = SignedIn("sari", "analyst")
    object.__setattr__(local, "areas", ("52",))
    database = region.hub.store.database
    for before in (None, 9):
        query = search.query(parse_query("satu 4321"), before=before, limit=20, who=local)
        sql, parameters = database.get_sql_context().sql(query).query()
        steps = [str(row[-1]) for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
        assert "VIRTUAL TABLE INDEX" in steps[0], steps
        assert steps[1].startswith("SEARCH"), steps
        assert not any("TEMP B-TREE" in step for step in steps), steps


def test_reports_from_before_the_search_are_found(region: Region, search: Search) -> None:
    [one] = arrive(region, "kata lama")
    store = region.hub.store
    store.writer.run(lambda: search.forget([one]))
    store.writer.run(lambda: Setting.delete().where(Setting.key == "search-filled").execute(store.database))
    assert found(search, "lama") == []
    search.fill()
    search.fill()
    assert found(search, "lama") == [one]


def test_an_office_finds_by_the_words_of_its_area_and_so_does_one_from_before(region: Region) -> None:
    """What stood in the index before areas were words of it gets them by the migration."""
    [one] = arrive(region, "kata sering xwilayah99")
    store = region.hub.store
    local, other = SignedIn("sari", "analyst"), SignedIn("budi", "analyst")
    object.__setattr__(local, "areas", (VILLAGE[:5], "31"))
    object.__setattr__(other, "areas", ("99",))

    def found_by(who: SignedIn) -> list[str]:
        return [row.report for row in store.search.search("sering", before=None, limit=9, who=who)[0]]

    assert (found_by(local), found_by(other)) == ([one], [])
    if isinstance(store.database, peewee.SqliteDatabase):
        return
    bare = f"UPDATE search_doc SET words = to_tsvector('simple', '{kept_words('kata sering')}')"
    store.database.execute_sql(bare)
    assert found_by(local) == []
    spec = util.spec_from_file_location("migration", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.up(None, store.database)
    assert (found_by(local), found_by(other)) == ([one], [])
