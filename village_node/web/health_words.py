"""How the box is, in Indonesian words, each with what to do where something is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MB = 1024 * 1024
LITTLE_ROOM_MB = 300
"""Pictures and sounds of one report may have 4 MB, and pass through the card twice."""
OLD_BACKUP_DAYS = 31
SILENT_S = 2 * 86_400
HOUR_S, DAY_S = 3600, 86_400


@dataclass(frozen=True)
class Line:
    """One thing of the box: its name, how it is, whether somebody must do something, and what."""

    name: str
    word: str
    wrong: bool = False
    do: str = ""


def ago(seconds: int) -> str:
    """Say how long ago something was."""
    if seconds < 120:
        return "baru saja"
    if seconds < 2 * HOUR_S:
        return f"{seconds // 60} menit lalu"
    return f"{seconds // HOUR_S} jam lalu" if seconds < 2 * DAY_S else f"{seconds // DAY_S} hari lalu"


def health_lines(status: dict[str, Any]) -> list[Line]:
    """Return every line of the health page; `status` as `village_node.health.Health.status` gives it."""
    return list(_lines(status))


def _lines(status: dict[str, Any]) -> Iterator[Line]:
    yield _power(status.get("power"))
    yield _room(status)
    if status.get("backup") is not None:
        yield _backup(status["backup"])
    yield _waiting(status)
    yield _contact(status)
    if status["known_to_hub"]:
        yield Line("Dikenal pusat", "sudah")
    else:
        yield Line(
            "Dikenal pusat",
            "belum",
            True,
            "Tunggu hubungan pertama, lalu telepon pusat dan cocokkan sidik di bawah.",
        )
    yield _radio(status.get("radio"))
    yield _internet(status.get("internet"))
    if status["clock"] == "known":
        yield Line("Jam kotak", "benar")
    else:
        yield Line(
            "Jam kotak",
            "belum diketahui",
            do="Laporan tetap diterima. Jam dibetulkan oleh pusat lewat radio.",
        )
    if status.get("material") is not None:
        yield _material(status["material"])
    if status.get("settings") is not None:
        yield _settings(status["settings"])


def _power(power: str | None) -> Line:
    if power is None:
        return Line("Listrik", "tidak diukur di kotak ini")
    if power == "good":
        return Line("Listrik", "cukup")
    again = "Pakai adaptor dan kabel bawaan kotak. Jangan pasang alat lain pada adaptor yang sama."
    if power == "low_now":
        return Line("Listrik", "kurang sekarang", True, again)
    return Line("Listrik", "pernah kurang sejak kotak menyala", True, again)


_STORE = {
    "read_only": "terkunci: laporan baru tidak diterima",
    "failing": "gagal: laporan baru tidak diterima",
    "damaged": "rusak di kartu",
    "made_anew": "pernah rusak di kartu, sebagian mungkin hilang; laporan baru diterima",
}


def _room(status: dict[str, Any]) -> Line:
    if status.get("store") in _STORE:
        return Line(
            "Tempat simpan",
            _STORE[status["store"]],
            True,
            "Bawa data ke pusat lewat halaman Data selagi bisa. Matikan kotak sepuluh detik, nyalakan lagi. "
            "Kalau tetap begini, hubungi teknisi: kartu perlu diganti.",
        )
    if status.get("shut_out"):
        return Line(
            "Pusat",
            "tidak menerima kotak ini lagi",
            True,
            "Telepon pusat. Laporan yang belum terkirim tetap terkunci di kartu: bawa lewat halaman Data, "
            "jangan hapus. Orang yang mau lapor, arahkan ke nomor bantuan.",
        )
    if not status["takes_reports"]:
        return Line(
            "Tempat simpan",
            "penuh: laporan baru tidak diterima",
            True,
            "Bawa data ke pusat lewat halaman Data, lalu hubungi petugas.",
        )
    free_mb = int(status.get("disk_free_bytes", 0)) // _MB
    if "disk_free_bytes" in status and free_mb < LITTLE_ROOM_MB:
        return Line("Tempat simpan", f"tinggal {free_mb} MB", True, "Hubungi petugas sebelum penuh.")
    return Line("Tempat simpan", "cukup, laporan diterima")


def _backup(backup: dict[str, Any]) -> Line:
    days = backup["age_days"]
    if backup["problem"]:
        return Line("Cadangan", "gagal ditulis ke stik", True, "Coba stik lain, atau hubungi teknisi.")
    if not backup["made"]:
        return Line("Cadangan", "belum pernah", do="Tancapkan stik cadangan dari teknisi selama satu jam.")
    if days is None:
        return Line("Cadangan", "ada, umurnya tidak diketahui")
    old = days > OLD_BACKUP_DAYS
    return Line(
        "Cadangan",
        "hari ini" if days == 0 else f"{days} hari lalu",
        old,
        "Tancapkan stik cadangan selama satu jam." if old else "",
    )


def _waiting(status: dict[str, Any]) -> Line:
    if status["reports_waiting"] == "unknown":
        return Line("Laporan menunggu dikirim", "tidak terbaca", True, "Hubungi teknisi.")
    if status["reports_waiting"] == "none":
        return Line("Laporan menunggu dikirim", "tidak ada")
    days = status["waiting_days"]
    word = "ada" if days is None else "ada, sejak hari ini" if not days else f"ada, sejak {days} hari lalu"
    late = days is not None and days >= 2
    return Line(
        "Laporan menunggu dikirim",
        word,
        late,
        "Aman di kotak. Kalau radio dan internet tidak sampai, bawa data lewat halaman Data." if late else "",
    )


def _contact(status: dict[str, Any]) -> Line:
    age_s = status["last_contact_age_s"]
    if age_s is None:
        return Line(
            "Hubungan terakhir dengan pusat",
            "belum ada sejak kotak menyala",
            do="Tunggu beberapa jam. Kalau tetap begini, lihat bagian radio di bawah.",
        )
    silent = age_s > SILENT_S
    return Line(
        "Hubungan terakhir dengan pusat",
        ago(age_s),
        silent,
        "Periksa radio dan antena, atau bawa data lewat halaman Data." if silent else "",
    )


def _radio(radio: dict[str, Any] | None) -> Line:
    if radio is None:
        return Line("Radio", "tidak dipasang")
    if not radio["connected"]:
        return Line("Radio", "tidak terhubung", True, "Periksa kabel radio ke kotak, lalu tunggu satu menit.")
    if radio.get("problem"):
        return Line("Radio", "terhubung, tetapi pengaturannya belum benar", True, "Hubungi teknisi.")
    return Line("Radio", "terhubung")


def _internet(internet: dict[str, Any] | None) -> Line:
    if internet is None:
        return Line("Internet", "tidak dipakai")
    if internet["reached"]:
        return Line("Internet", "ada")
    if internet["refused"]:
        do = "Laporan tersimpan di kotak, tetapi tidak sampai. Telepon pusat, lalu teknisi."
        return Line("Internet", "ada, tetapi pusat menolak kotak ini", True, do)
    return Line("Internet", "tidak ada", do="Tidak apa-apa: laporan aman dan menunggu.")


def _material(material: dict[str, Any]) -> Line:
    word = material_word(material)
    if material["damaged"]:
        return Line(
            "Materi", f"{word}, rusak di kartu", True, "Buka halaman Data, lalu kembali ke versi lama."
        )
    if material["gave_up"] and material["because"] != "by hand":
        return Line(
            "Materi",
            f"{word}; versi {material['gave_up']} tidak bisa dipakai",
            True,
            "Materi lama tetap bisa dipakai. Pusat sudah diberi tahu.",
        )
    return Line("Materi", word)


def _settings(settings: dict[str, Any]) -> Line:
    word = {"own": "bawaan kotak", "kept": "dari pusat", "probation": "dari pusat, masih dicoba"}[
        settings["state"]
    ]
    if settings["state"] == "probation":
        left = (
            f"Kalau pusat tidak terdengar dalam {settings['hours_left']} jam menyala, kotak kembali sendiri."
        )
        return Line("Setelan", word, do=left)
    if settings["ended"] == "went_back":
        return Line("Setelan", f"kembali ke {word}", True, "Setelan baru memutus hubungan. Telepon pusat.")
    if settings["ended"] == "refused":
        return Line("Setelan", f"{word}; yang baru ditolak", True, "Kotak tetap jalan. Telepon pusat.")
    return Line("Setelan", word)


def material_word(material: dict[str, Any]) -> str:
    """Name the version of the material that is shown."""
    return f"versi {material['version']}" if material["version"] else "bawaan kotak"
