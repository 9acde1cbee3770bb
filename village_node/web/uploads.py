"""The pictures and the sound that a form brings: cleaned, or refused with words, and not lost meanwhile.

Hidden fields hold no files. So where one of them is refused, those that are good wait in memory for the next
POST of the same form, a few forms and a few megabytes at most.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Request

from sync.media.cleaning import Clean, Kind
from sync.media.refusals import MediaRefused, Refusal
from sync.upload_bodies import BUSY
from sync.wire.attachments import Attachment
from village_node.web.languages import N_

FILE_FIELDS: dict[str, Kind] = {"photo": "picture", "photo2": "picture", "voice": "sound"}
"""The file inputs of a form, in order."""
LABELS = {
    "photo": N_("Foto"),
    "photo2": N_("Foto kedua"),
    "voice": N_("Suara"),
}
HELD_FIELD = "held"
"""Names the files that wait here, so that it is noticed when they do not."""
MOST_HELD_BYTES = 4 * 1024 * 1024
MOST_HELD_FORMS = 8

SENTENCES: dict[Refusal, tuple[str, ...]] = {
    Refusal.NO_PICTURE: (
        N_("Ini bukan foto yang bisa dibaca. Yang bisa: JPEG, PNG, WebP."),
        N_("Coba ambil foto baru dengan kamera HP."),
    ),
    Refusal.HEIC: (
        N_("Foto iPhone ini berbentuk HEIC dan belum bisa dibaca."),
        N_(
            "Di iPhone: Pengaturan, Kamera, Format, pilih Paling Kompatibel, lalu foto lagi. "
            "Atau buat tangkapan layar dari foto itu, lalu kirim tangkapannya."
        ),
    ),
    Refusal.TOO_MANY_PIXELS: (
        N_("Fotonya terlalu besar ukurannya. Paling banyak 50 megapiksel."),
        N_("Pilih ukuran foto yang lebih kecil di kamera, atau kirim tangkapan layarnya."),
    ),
    Refusal.NO_SOUND: (
        N_("Ini bukan rekaman suara yang bisa dibersihkan. Yang bisa: M4A, MP3, AMR, 3GP, OGG, WebM."),
        N_("Coba rekam lagi dengan perekam suara HP."),
    ),
    Refusal.VIDEO: (
        N_("Ini video. Yang bisa dikirim di sini hanya suara."),
        N_("Rekam suara saja, atau kirim satu gambar dari video itu sebagai foto."),
    ),
    Refusal.BROKEN: (
        N_("Berkasnya rusak atau terpotong."),
        N_("Coba pilih sekali lagi, atau ambil yang baru."),
    ),
    Refusal.TOO_LARGE: (
        N_(
            "Berkasnya terlalu besar. Sekali kirim paling banyak 12 MB; "
            "suara paling banyak 3 MB, kira-kira 3 menit."
        ),
        N_("Kirim satu foto dulu. Yang lain bisa ditambahkan nanti dengan nomor tanda terima."),
    ),
    Refusal.BUSY: (
        N_("Kotak ini sedang menerima foto lain."),
        N_("Tunggu sebentar, lalu kirim sekali lagi."),
    ),
}
_GONE = (N_("Yang tadi sudah tidak ada di kotak ini."), N_("Pilih sekali lagi."))
MESSAGES = tuple(text for sentences in (*SENTENCES.values(), _GONE) for text in sentences)


@dataclass(frozen=True, repr=False)
class Uploads:
    """What a form brought: good files by the name of their input, and what is wrong with the others."""

    good: dict[str, Attachment]
    problems: dict[str, tuple[str, ...]]

    @property
    def attachments(self) -> list[Attachment]:
        """The good ones in the order of the inputs."""
        return [self.good[name] for name in FILE_FIELDS if name in self.good]


class Shelf:
    """Good files of forms that must be sent again, in memory only. The oldest go first."""

    def __init__(self, most_bytes: int = MOST_HELD_BYTES, most_forms: int = MOST_HELD_FORMS) -> None:
        self._most_bytes, self._most_forms = most_bytes, most_forms
        self._forms: OrderedDict[str, dict[str, Attachment]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, token: str, files: dict[str, Attachment]) -> None:
        """Keep the files of a form in place of those before."""
        with self._lock:
            self._forms.pop(token, None)
            if files:
                self._forms[token] = dict(files)
            while len(self._forms) > self._most_forms or self._bytes() > self._most_bytes:
                self._forms.popitem(last=False)

    def get(self, token: str) -> dict[str, Attachment]:
        """Return what waits for a form."""
        with self._lock:
            return dict(self._forms.get(token, {}))

    def _bytes(self) -> int:
        return sum(len(one.content) for files in self._forms.values() for one in files.values())


def was_cut(request: Request) -> bool:
    """Return whether only the fields before the files of a body came (see `upload_bodies`)."""
    return _cut_because(request) is not None


def _cut_because(request: Request) -> str | None:
    why: str | None = getattr(request, "cut_because", None)
    return why


class UploadDesk:
    """Takes the files of forms. Threads share it."""

    def __init__(self, clean: Clean, shelf: Shelf | None = None) -> None:
        self._clean = clean
        self._shelf = shelf or Shelf()

    def take(self, request: Request, token: str) -> Uploads:
        """Return the files of this POST with those that waited for its form; the good ones wait on."""
        good = self._shelf.get(token)
        problems: dict[str, tuple[str, ...]] = {}
        for name in request.form.getlist(HELD_FIELD):
            if name in FILE_FIELDS and name not in good:
                problems[name] = _GONE
        for name, kind in FILE_FIELDS.items():
            file = request.files.get(name)
            if file is None or not (file.filename or file.stream.seek(0, 2)):
                continue  # an input that was left empty
            if not file.stream.seek(0, 2):
                problems[name] = SENTENCES[Refusal.BROKEN]
                continue
            try:
                good[name] = self._clean(kind, file.stream)
                problems.pop(name, None)
            except MediaRefused as refused:
                problems[name] = SENTENCES[refused.refusal]
        if was_cut(request):
            problems[""] = SENTENCES[Refusal.BUSY if _cut_because(request) == BUSY else Refusal.TOO_LARGE]
        self._shelf.put(token, good if problems else {})
        return Uploads(good, problems)

    def held(self, token: str) -> list[str]:
        """Return the names of the files that wait for a form."""
        waiting = self._shelf.get(token)
        return [name for name in FILE_FIELDS if name in waiting]

    def keep(self, token: str, uploads: Uploads) -> None:
        """Let the good files wait for another POST of the form, which was not taken for another reason."""
        self._shelf.put(token, uploads.good)

    def forget(self, token: str) -> None:
        """The form was taken."""
        self._shelf.put(token, {})
