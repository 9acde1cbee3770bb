"""The PDF: text that can be found, in both languages, with an outline, and the same bytes each time."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from weekly_figures import FACTS

from hub.languages import speaking
from hub.picture_services import MOST_COUNTED
from hub.pictures.drawing import grouped
from hub.web.local_time import local_time
from hub.weekly.facts import District
from hub.weekly.outside import for_outside
from hub.weekly.paper import draw
from hub.weekly.paper_content import as_content
from hub.weekly.services import KeptReport
from hub.weekly.telling import MOST_NAMED, plain, tell

LOCAL = local_time("Asia/Makassar")
INSIDE = KeptReport(FACTS, 2, 2, FACTS.counted_at)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "id",
            (
                "Laporan mingguan 2027-W02",
                "68 laporan dari 4 kabupaten",
                "Koreksi: versi 2.",
                "1 sampai 9: lebih",
            ),
        ),
        (
            "en",
            (
                "Weekly report 2027-W02",
                "68 reports from 4 districts",
                "Correction: version 2.",
                "1 to 9: more",
            ),
        ),
    ],
)
def test_it_is_read_as_text_and_finds_its_way(language: str, words: tuple[str, ...]) -> None:
    with speaking(language):
        content = as_content(tell(INSIDE, "Kantor Contoh", LOCAL), language)
    paper = draw(content)
    assert paper == draw(content)
    read = PdfReader(io.BytesIO(paper))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    for one in (*words, "Kantor Contoh", "(52.03)", "Imigrasi Contoh"):
        assert one in text, one
    assert 2 <= len(read.pages) <= 3
    assert str(read.root_object["/Lang"]) == language
    assert [str(one["/Title"]) for one in read.outline if not isinstance(one, list)][1:3] == {
        "id": ["Laporan", "Dari mana"],
        "en": ["Reports", "From where"],
    }[language]
    assert read.metadata is None or not read.metadata.author


def test_the_version_for_outside_says_what_is_hidden_and_has_no_inside_part() -> None:
    kept = KeptReport(for_outside(FACTS), 1, 1, FACTS.counted_at)
    told = plain(tell(kept, "Kantor Contoh", LOCAL))
    titles = [one.title for one in told.sections]
    assert titles == ["Laporan", "Dari mana", "Laporan mendesak", "Peringatan dini dan rujukan", "Peta"]
    assert told.areas == "seluruh wilayah hub"
    assert told.mark == "Untuk luar kantor: angka kecil tidak ditunjukkan"
    assert told.sentences[0] == "Minggu ini ada 70 laporan, dibulatkan ke atas."
    assert told.sentences[1] == "15 sinyal baru peringatan dini diangkat, dibulatkan ke atas."
    where = told.sections[4].picture
    assert where is not None
    assert where.summary == "2 provinsi ditunjukkan, dengan angka dibulatkan ke atas."
    districts = told.sections[1].table
    assert districts is not None
    assert [row[1] for row in districts.rows] == ["30", "15"]
    assert "Angka di bawah 11 tidak ditunjukkan" in told.notes[1]
    drawn = told.sections[0].picture
    assert drawn is not None
    assert "68" not in drawn.summary
    assert all("68" not in cell for row in drawn.table.rows for cell in row)


def test_what_is_less_or_not_known_or_more_than_is_counted_has_words() -> None:
    few = replace(FACTS.reports, low=70, high=90, districts=(District("52.02", 5, 20, 10, 30),))
    many = tuple(f"52.02.08.{2000 + n}" for n in range(MOST_NAMED + 1))
    facts = replace(
        FACTS,
        reports=few,
        villages=replace(FACTS.villages, quiet=many),
        waiting=replace(FACTS.waiting, unread=MOST_COUNTED + 1),
    )
    told = plain(tell(KeptReport(facts, 1, 2, facts.counted_at), "Kantor Contoh", LOCAL))
    assert told.mark == "Untuk petugas. Jangan diteruskan."
    assert told.correction == "Versi pertama. Ada koreksi: versi 2."
    assert "kurang dari biasanya, 70 sampai 90" in told.sentences[0]
    sections = {one.title: one for one in told.sections}
    where, waits = sections["Dari mana"].table, sections["Apa menunggu siapa"].table
    assert where is not None
    assert waits is not None
    assert where.rows[0][-1] == "10 sampai 30: kurang"
    assert [row[1] for row in waits.rows][1] == f"lebih dari {grouped(MOST_COUNTED)}"
    assert "Laporan tingkat tinggi yang terbukti" in " ".join(sections["Yang dipelajari"].lines)
    villages = " ".join(sections["Buletin dan kotak desa"].lines)
    assert " dan 1 lain." in villages
    named = replace(facts, villages=replace(facts.villages, quiet=many[1:]))
    lines = plain(tell(KeptReport(named, 1, 1, 0.0), "Kantor Contoh", LOCAL)).sections[4].lines
    assert not any("dan 0 lain" in line for line in lines)
    unknown = plain(tell(KeptReport(replace(facts, judged=False), 1, 1, 0.0), "Kantor Contoh", LOCAL))
    assert "desa yang diam belum diketahui" in " ".join(unknown.sections[4].lines)
    assert "Lebih sepi" not in " ".join(unknown.sections[4].lines)
