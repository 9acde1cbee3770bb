"""The PDF: text that can be found, in both languages, with an outline, and the same bytes each time."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from weekly_figures import FACTS

from hub.languages import speaking
from hub.web.local_time import local_time
from hub.weekly.outside import for_outside
from hub.weekly.paper import draw
from hub.weekly.paper_content import as_content
from hub.weekly.services import KeptReport
from hub.weekly.telling import plain, tell

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
    assert told.sentences[0] == "Minggu ini ada 70 laporan, dibulatkan ke atas."
    districts = told.sections[1].table
    assert districts is not None
    assert [row[1] for row in districts.rows] == ["30", "15"]
    assert "Angka di bawah 11 tidak ditunjukkan" in told.notes[1]
    drawn = told.sections[0].picture
    assert drawn is not None
    assert "68" not in drawn.summary
    assert all("68" not in cell for row in drawn.table.rows for cell in row)
