"""Roles, areas, refusals and entries of the log in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hub.account_services import MIN_PASSWORD_CHARACTERS
from hub.services import COMMAND_LINE
from hub.web.state_words import STATE_WORDS, VALUE_WORDS
from sync.areas.table import area_names

ROLE_WORDS: Mapping[str, str] = {
    "analyst": "analis",
    "supervisor": "penyelia",
    "administrator": "administrator",
    "auditor": "auditor",
    "agency": "lembaga mitra",
}

REFUSAL_WORDS: Mapping[str, str] = {
    "name": "Nama akun berisi 1 sampai 64 huruf atau angka.",
    "role": "Pilih salah satu peran dari daftar.",
    "area": "Ada kode wilayah yang tidak dikenal. Tulis kode seperti 52 atau 52.02, dipisah spasi.",
    "short": f"Kata sandi paling sedikit {MIN_PASSWORD_CHARACTERS} huruf.",
    "long": "Kata sandi terlalu panjang.",
    "common": "Kata sandi itu mudah ditebak. Pakai beberapa kata yang tidak berhubungan.",
    "again": "Kata sandi baru yang kedua tidak sama.",
    "same": "Kata sandi baru harus lain dari yang lama.",
    "wrong": "Kata sandi sekarang salah.",
    "taken": "Sudah ada akun dengan nama itu.",
    "own": "Akun sendiri tidak dapat diubah di sini. Minta administrator lain.",
    "last": "Paling sedikit satu administrator harus tetap dapat masuk. Buat administrator lain dulu.",
    "demanded": "Peran Anda wajib memakai kode masuk.",
}

WHAT_WORDS: Mapping[str, str] = {
    "read": "membaca",
    "attachment": "membuka lampiran",
    "answered": "menjawab pelapor",
    "asked": "bertanya kepada pelapor",
    "acted on": "menandai ditindaklanjuti",
    "compared": "membandingkan laporan serupa",
    "person": "melihat orang yang dicermati",
    "event": "melihat peristiwa",
    "network exported": "mengunduh jaringan orang",
    "recruiter joined": "menggabungkan: perekrut yang sama",
    "recruiter kept apart": "menyatakan: perekrut lain",
    "recruiter decision undone": "membatalkan keputusan tentang perekrut",
    "event joined": "menggabungkan: peristiwa yang sama",
    "event kept apart": "menyatakan: peristiwa lain",
    "event decision undone": "membatalkan keputusan tentang peristiwa",
    "assigned": "menyerahkan laporan kepada petugas",
    "commented": "menulis komentar",
    "into case": "memasukkan ke kasus",
    "out of case": "mengeluarkan dari kasus",
    "opened": "membuka kasus",
    "report added": "menambah laporan dalam kasus",
    "report taken out": "mengeluarkan laporan dari kasus",
    "person added": "menambah orang dalam kasus",
    "person removed": "menghapus orang dari kasus",
    "place added": "menambah tempat dalam kasus",
    "task added": "menambah tugas",
    "task done": "menyelesaikan tugas",
    "closed": "menutup kasus",
    "reopened": "membuka kasus lagi",
    "merged into": "menggabung kasus ke kasus lain",
    "took in": "menerima isi kasus lain",
    "taken out again": "memisahkan kasus lagi",
    "gave back": "mengembalikan isi kasus",
    "retention approved": "menyetujui penghapusan sesuai masa simpan",
    "retention approval undone": "menarik persetujuan penghapusan",
    "held": "menahan untuk perkara",
    "hold lifted": "melepas penahanan",
    "forgotten": "menghapus sesuai masa simpan",
    "dropped": "menolak kiriman untuk laporan yang sudah dihapus",
    "forwarded": "meneruskan ke pusat di atas",
    "searched": "mencari",
    "found": "melihat dalam hasil pencarian",
    **{
        f"{state} {value}": f"{STATE_WORDS[state]}: {words}"
        for state, values in VALUE_WORDS.items()
        for value, words in values.items()
    },
    **{f"undo {state}": f"membatalkan langkah: {words}" for state, words in STATE_WORDS.items()},
    "referral proposed": "mengusulkan rujukan",
    "referral sent": "mengirim rujukan",
    "referral approved": "menyetujui rujukan",
    "referral declined": "tidak menyetujui rujukan",
    "referral withdrawn": "menarik rujukan",
    "referral replaced": "mengganti rujukan dengan versi baru",
    "referral read": "melihat rujukan",
    "referral opened": "membuka rujukan pertama kali",
    "referral downloaded": "mengunduh rujukan",
    "referral taken": "menerima rujukan",
    "referral answered": "menjawab rujukan",
    "referral refused": "menolak rujukan",
    "referrals listed": "melihat daftar rujukan",
    "import uploaded": "mengunggah berkas impor",
    "import read": "melihat impor",
    "import carried out": "mengimpor kasus",
    "import undone": "membatalkan impor",
    "agency made": "menambah lembaga",
    "agency changed": "mengubah lembaga",
    "agency account joined": "menghubungkan akun dengan lembaga",
    "agency account left": "melepas akun dari lembaga",
    "all reports printed": "mencetak semua laporan",
    "key shares printed": "mencetak bagian kunci pusat",
    "pin reset": "mengatur ulang PIN desa",
    "notice sent": "mengirim pengumuman",
    "notice withdrawn": "menarik pengumuman",
    "rung": "memanggil yang bertugas",
    "ring failed": "gagal memanggil yang bertugas",
    "ring seen": "melihat panggilan di layar dinding",
    "duty shift added": "menambah giliran piket",
    "duty shift removed": "menghapus giliran piket",
    "duty day added": "menambah hari khusus piket",
    "duty day removed": "menghapus hari khusus piket",
    "duty contact set": "mengatur cara memanggil",
    "signed in": "masuk",
    "account set": "menetapkan akun",
    "account made": "membuat akun",
    "account changed": "mengubah peran atau wilayah",
    "account locked": "mengunci akun",
    "account unlocked": "membuka kunci akun",
    "account reset": "mengatur ulang akun",
    "sessions ended": "mengakhiri sesi",
    "password changed": "mengganti kata sandi",
    "second factor set": "memasang kode masuk",
    "second factor removed": "melepas kode masuk",
    "log seen": "melihat catatan akses",
    "log exported": "mengekspor catatan akses",
    "entry proven": "membuktikan satu catatan",
}
"""Words of entries; one that stands here not yet is shown as it is."""

ABOUT_WORDS: Mapping[str, str] = {
    "report": "laporan",
    "account": "akun",
    "node": "kotak desa",
    "notice": "pengumuman",
    "log": "catatan akses",
    "duty": "jadwal piket",
    "case": "kasus",
    "texts": "jumlah tulisan",
    "person": "orang nomor",
    "event": "peristiwa nomor",
    "referral": "rujukan",
    "agency": "lembaga nomor",
    "import": "impor nomor",
    "key": "kunci pusat, bagian",
}


LOG_PARTS: Mapping[str, str] = {"entries": "", "state": "(keadaan)"}


def who_in_words(name: str) -> str:
    """Return who did it; the hub's own machine in words."""
    return {COMMAND_LINE: "baris perintah", "duty roster": "jadwal piket"}.get(name, name)


def what_in_words(what: str) -> str:
    """Return what was done in words."""
    return WHAT_WORDS.get(what, what)


def about_in_words(about: str) -> str:
    """Return what an entry is about: its kind in words, and the id."""
    kind, _, name = about.partition(" ")
    if kind == "duty":
        name = ""
    if kind == "log":
        name = LOG_PARTS.get(name, name)
    return f"{ABOUT_WORDS.get(kind, kind)} {name}".strip()


def areas_in_words(codes: Iterable[str]) -> str:
    """Return the names of areas, or that it is the whole region."""
    names = area_names()
    found = [f"{names.name_of(code) or code} ({code})" for code in codes]
    return ", ".join(found) if found else "seluruh wilayah hub"
