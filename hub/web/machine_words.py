"""Words for what a machine read: kinds, languages, how sure it is."""

from __future__ import annotations

from typing import Final

from hub.languages import N_
from hub.machine_reading.services import FAILED, SPEECH, SUMMARY, TRANSLATION, WAITS

KIND_WORDS: Final = {
    TRANSLATION: N_("Terjemahan mesin"),
    SPEECH: N_("Tulisan mesin dari suara"),
    SUMMARY: N_("Ringkasan mesin"),
}
ASK_WORDS: Final = {
    TRANSLATION: N_("Minta terjemahan mesin"),
    SPEECH: N_("Minta tulisan dari suara"),
    SUMMARY: N_("Minta ringkasan mesin"),
}
ABSENT_WORDS: Final = {
    TRANSLATION: N_("Terjemahan dengan model: tidak aktif, belum ada modelnya di hub ini."),
    SPEECH: N_("Tulisan dari suara: tidak aktif, belum ada modelnya di hub ini."),
    SUMMARY: N_("Ringkasan: tidak aktif, belum ada modelnya di hub ini."),
}
NOT_INSTALLED_WORDS: Final = {
    TRANSLATION: N_("Terjemahan dengan model: tidak aktif, modelnya ada tetapi pemutarnya belum dipasang."),
    SPEECH: N_("Tulisan dari suara: tidak aktif, modelnya ada tetapi pemutarnya belum dipasang."),
    SUMMARY: N_("Ringkasan: tidak aktif, modelnya ada tetapi pemutarnya belum dipasang."),
}
STATE_WORDS: Final = {
    WAITS: N_("Sedang dikerjakan. Muat ulang halaman ini sebentar lagi."),
    FAILED: N_("Mesin tidak berhasil membacanya. Laporan tidak berubah."),
}
DONE_WORDS: Final = {
    "machine": N_(
        "Permintaan dicatat. Mesin membaca laporan satu per satu; muat ulang halaman ini sebentar lagi."
    ),
    "machine-corrected": N_("Koreksi disimpan dengan nama Anda."),
}
HIGH: Final = 0.8
MIDDLE: Final = 0.65


def sureness(confidence: float) -> str:
    """Return how sure a machine is, as words."""
    if confidence >= HIGH:
        return N_("keyakinan tinggi")
    return N_("keyakinan sedang") if confidence >= MIDDLE else N_("keyakinan rendah")
