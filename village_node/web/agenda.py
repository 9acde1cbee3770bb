"""The agenda of a session: what follows what, with minutes, and where the material of each part is. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from content.catalogue import Catalogue
from content.errors import ContentRefused
from village_node.session_store import Session


@dataclass(frozen=True)
class Step:
    """One part of a session. `links` are (address, words)."""

    start: int
    minutes: int
    title: str
    advice: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def end(self) -> int:
        """The minute at which it ends."""
        return self.start + self.minutes


def agenda(session: Session, catalogue: Catalogue, site: str) -> tuple[Step, ...]:
    """Return the parts of a session in order; `site` is the address of the public site."""
    here = f"/sesi/{session.id}"
    quiz = ((f"{here}/kuis", "Buka kuis"),)
    parts: list[tuple[int, str, str, tuple[tuple[str, str], ...]]] = [
        (5, "Pembukaan", "Salam. Sebutkan aturan: tidak menyebut nama, boleh diam, boleh keluar.", ()),
        (5, "Daftar hadir", "Hitung tangan menurut umur. Tanpa nama.", ((f"{here}/hadir", "Isi daftar"),)),
    ]
    if session.quiz:
        parts.append((10, "Kuis awal", "Baca soalnya keras-keras.", quiz))
    for key in session.lessons:
        try:
            lesson = catalogue.lesson(key)
        except ContentRefused:
            continue  # newer material may have lost it
        slides = f"/materi/{key}/1"
        links: tuple[tuple[str, str], ...] = (
            (f"{slides}?sesi={session.id}", "Tayangkan"),
            (f"{slides}/petunjuk", "Petunjuk di HP"),
        )
        parts.append((lesson.minutes, lesson.title, lesson.aim, links))
    practice = ((f"{site}latihan", "Lihat latihan"),)
    parts.append((10, "Latihan melapor", "Semua mencoba di HP: buka situs desa, pilih Latihan.", practice))
    if session.quiz:
        screen = ((f"{here}/layar", "Layar hasil"),)
        parts.append((10, "Kuis akhir", "Soal yang sama sekali lagi.", quiz))
        parts.append((5, "Hasil", "Tayangkan hasil, bahas soal yang masih salah.", screen))
    prints = (("/cetak", "Kartu dan poster"),)
    parts.append((5, "Penutup", "Bagikan kartu. Ingatkan nomor darurat dan situs desa.", prints))
    steps, start = [], 0
    for minutes, title, advice, links in parts:
        steps.append(Step(start, minutes, title, advice, links))
        start += minutes
    return tuple(steps)


def material(session: Session) -> tuple[str, ...]:
    """Return what to bring."""
    return (
        "Laptop atau TV untuk menayangkan; tanpa itu, bacakan dari HP.",
        "Kotak Kentongan menyala, dan nama serta kata sandi Wi-Fi di papan.",
        *(("HP peserta untuk kuis; yang tanpa HP mengangkat tangan.",) if session.quiz else ()),
        "Kartu dan poster yang sudah dicetak.",
    )
