"""What the hub says to the whole village, on the village's own site."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import date

from flask.testing import FlaskClient

from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind
from village_node.notices import VillageNotice
from village_node.web.public_app import create_public_app
from village_node.web.spoken import Examples

LONG = (
    "Ada orang mengaku dari perusahaan resmi dan meminta uang muka di pasar. Jangan bayar dulu, cek izinnya."
)


def notice(text: str, kind: NoticeKind = NoticeKind.BULLETIN, level: int = 1) -> VillageNotice:
    return VillageNotice(
        serial=1,
        kind=kind,
        level=level,
        public=True,
        issued=date(2026, 11, 25),
        until=date(2026, 12, 5),
        text=text,
        age_s=None,
        withdrawn=False,
        ended=False,
        read=False,
        announced=False,
    )


def site(*found: VillageNotice) -> FlaskClient:
    def notices(kind: NoticeKind) -> Sequence[VillageNotice]:
        return [notice for notice in found if notice.kind is kind]

    return create_public_app(Examples(), village_name="Contoh", notices=notices).test_client()


def test_without_notices_the_first_page_says_nothing_of_them() -> None:
    client = site()
    assert 'href="/pengumuman"' not in client.get("/").text
    assert 'href="/peluang"' not in client.get("/").text
    assert "Sekarang tidak ada." in client.get("/pengumuman").text
    assert "Sekarang tidak ada." in client.get("/peluang").text


def test_the_most_pressing_bulletin_stands_short_on_the_first_page() -> None:
    client = site(notice("Kabar biasa."), notice(LONG, level=BulletinLevel.DANGER))
    page = client.get("/").text
    assert "Ada orang mengaku dari perusahaan resmi" in page
    assert "cek izinnya" not in page
    assert "Kabar biasa." not in page
    assert len(gzip.compress(page.encode())) <= 14 * 1024
    whole = client.get("/pengumuman").text
    assert LONG in whole
    assert "Kabar biasa." in whole
    assert "Berlaku sampai 5-12-2026." in whole


def test_opportunities_stand_on_a_page_of_their_own_in_each_language() -> None:
    job = notice("Pelatihan las.\nGratis.", NoticeKind.OPPORTUNITY, OpportunityKind.TRAINING)
    client = site(job)
    assert 'href="/en/peluang"' in client.get("/en/").text
    page = client.get("/en/peluang").text
    assert "Lawful opportunities" in page
    assert "Training" in page
    assert '<p lang="id">Pelatihan las.</p>' in page
    assert "Pelatihan las" not in client.get("/pengumuman").text


def test_a_text_is_shown_as_it_was_written() -> None:
    page = site(notice("<b>Awas</b> & hati-hati")).get("/pengumuman").text
    assert "&lt;b&gt;Awas&lt;/b&gt; &amp; hati-hati" in page
