"""Boxes in words: states, troubles, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.fleet.services import BoxView, UpdateView
from hub.languages import N_, counted
from sync.wire.beacons import ClockTrust, DiskFree, QueueAge, RadioGrade
from sync.wire.numbers import UpdateTrouble

TROUBLE_WORDS: Final[Mapping[str, str]] = {
    "damaged": N_("basis data rusak"),
    "full": N_("kartu penuh, laporan tidak diterima"),
    "silent": N_("tidak ada kabar"),
    "mute": N_("terdengar, tetapi tidak berkata bagaimana keadaannya"),
    "never": N_("belum pernah terdengar"),
    "halts": N_("penyebaran berhenti di kotak ini"),
    "queue": N_("laporan menunggu seminggu atau lebih"),
    "nearly_full": N_("kartu hampir penuh"),
    "power_low": N_("listrik terlalu lemah"),
    "unclean": N_("sering mati mendadak"),
    "unplugged": N_("radio tidak tersambung"),
    "hot": N_("terlalu panas"),
    "clock": N_("tanggal tidak diketahui"),
    "weak": N_("radio lemah"),
}
ACTIONS: Final[Mapping[str, str]] = {
    "damaged": N_(
        "Kirim teknisi dengan kartu baru. Jangan hapus kartu lama: laporan di dalamnya masih perlu."
    ),
    "full": N_("Telepon fasilitator: kotak tidak menerima laporan. Kirim teknisi untuk mengosongkan kartu."),
    "mute": N_("Telepon fasilitator: apakah formulir menerima laporan? Kartu mungkin penuh atau rusak."),
    "never": N_("Telepon fasilitator: apakah kotak sudah dipasang dan menyala?"),
    "halts": N_("Buka Penyebaran: kotak ini kembali ke yang lama, menolak, atau tidak terdengar lagi."),
    "queue": N_("Telepon fasilitator: minta kurir membawa laporan yang menunggu."),
    "nearly_full": N_("Rencanakan kunjungan teknisi: kartu perlu dikosongkan atau diganti."),
    "power_low": N_("Telepon fasilitator: ganti kabel atau adaptor listrik dengan yang asli."),
    "unclean": N_("Telepon fasilitator: tanyakan listrik. Mungkin perlu baterai atau adaptor lain."),
    "unplugged": N_("Telepon fasilitator: sambungkan kabel radio."),
    "hot": N_("Telepon fasilitator: pindahkan kotak ke tempat teduh yang berangin."),
    "clock": N_("Tunggu hubungan berikutnya: hub memberi tanggal. Bila tetap, teknisi memasang jam."),
    "weak": N_("Minta fasilitator memeriksa antena bila sempat."),
}
CLOCK_WORDS: Final[Mapping[ClockTrust, str]] = {
    ClockTrust.UNKNOWN: N_("tidak diketahui"),
    ClockTrust.OWN: N_("jam sendiri"),
    ClockTrust.HUB: N_("dari hub"),
}
DISK_WORDS: Final[Mapping[DiskFree, str]] = {
    DiskFree.UNKNOWN: N_("tidak diketahui"),
    DiskFree.FULL: N_("penuh"),
    DiskFree.NEARLY_FULL: N_("hampir penuh"),
    DiskFree.LOW: N_("agak penuh"),
    DiskFree.ENOUGH: N_("cukup"),
}
QUEUE_WORDS: Final[Mapping[QueueAge, str]] = {
    QueueAge.NOTHING: N_("tidak ada"),
    QueueAge.DAY: N_("kurang dari sehari"),
    QueueAge.DAYS: N_("satu atau dua hari"),
    QueueAge.HALF_WEEK: N_("tiga sampai enam hari"),
    QueueAge.WEEK: N_("seminggu atau lebih"),
    QueueAge.UNDATED: N_("ada, entah sejak kapan"),
}
RADIO_WORDS: Final[Mapping[RadioGrade, str]] = {
    RadioGrade.UNKNOWN: N_("tidak terukur"),
    RadioGrade.NONE: N_("tidak terdengar"),
    RadioGrade.WEAK: N_("lemah"),
    RadioGrade.MEDIUM: N_("sedang"),
    RadioGrade.GOOD: N_("bagus"),
}
UPDATE_WORDS: Final[Mapping[UpdateTrouble, str]] = {
    UpdateTrouble.NONE: "",
    UpdateTrouble.SIGNATURE: N_("tanda tangannya bukan milik kunci rilis kotak ini"),
    UpdateTrouble.DAMAGED: N_("berkasnya rusak atau terpotong"),
    UpdateTrouble.VERSION: N_("tidak lebih baru, atau bukan kelanjutan versi yang berjalan"),
    UpdateTrouble.LACKS: N_("paket yang diperlukan tidak ada di kotak"),
    UpdateTrouble.MACHINE: N_("untuk jenis mesin lain"),
    UpdateTrouble.ROOM: N_("kartu tidak cukup lega"),
    UpdateTrouble.STORE: N_("versi yang berjalan tidak akan bisa membaca basis data sesudahnya"),
    UpdateTrouble.CARD: N_("kartu gagal saat memasangnya"),
    UpdateTrouble.CRASHED: N_("program berhenti berkali-kali"),
    UpdateTrouble.SILENT: N_("situs desa tidak menjawab"),
    UpdateTrouble.CLOSED: N_("basis data tidak terbuka"),
    UpdateTrouble.BY_HAND: N_("dikembalikan oleh orang"),
}
FINE: Final = N_("Tidak ada yang perlu dilakukan.")
NEW: Final = N_("Kotak baru: tunggu kabar pertamanya.")


def update_in_words(update: UpdateView) -> str:
    """Return which version a box tries, or left and why; empty where there is nothing to say."""
    if update.trial:
        return N_("versi %(version)s sedang dicoba", version=update.trial)
    if not update.trouble:
        return ""
    why = UPDATE_WORDS[update.trouble]
    if not update.left:
        return N_("sebuah berkas rilis ditolak: %(why)s", why=why)
    if update.trouble <= UpdateTrouble.CARD:
        return N_("versi %(version)s tidak dipasang: %(why)s", version=update.left, why=why)
    return N_("kembali dari versi %(version)s: %(why)s", version=update.left, why=why)


def next_action(box: BoxView) -> str:
    """Return what a person should do next, in one or two sentences."""
    if not box.troubles:
        return FINE if box.contacts else NEW
    worst = box.troubles[0]
    if worst != "silent":
        return ACTIONS[worst]
    others = [kind for kind in box.troubles if kind not in ("silent", "weak")]
    days = box.silent_days
    if others:
        return counted(
            "Telepon fasilitator: %(count)s hari tanpa kabar, dan kabar terakhir berkata: %(said)s.",
            days,
            said=TROUBLE_WORDS[others[0]],
        )
    return counted("Telepon fasilitator: %(count)s hari tanpa kabar. Apakah kotak dan radio menyala?", days)
