"""What stands on top of a form that was not taken for a reason outside of its answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A heading and what to do."""

    heading: str
    sentences: tuple[str, ...]
    emergency: bool = False


SEND_ONCE_MORE = Notice(
    "Belum terkirim. Tekan Kirim sekali lagi.",
    ("Formulir ini sudah terlalu lama atau rusak, jadi diganti yang baru.", "Isi Anda masih ada."),
)
WHAT_ELSE = (
    "Jangan menunggu kotak ini: telepon nomor di bawah, atau lapor di kotak desa lain. "
    "Bisa juga tulis di kertas dan simpan sendiri di tempat aman."
)
NOTHING_SAVED_NOW = Notice(
    "Kotak ini sedang TIDAK bisa menyimpan laporan",
    ("Laporan yang dikirim sekarang tidak akan tersimpan.", WHAT_ELSE),
    emergency=True,
)
BOX_SHUT_OUT = Notice(
    "Kotak ini tidak menerima laporan lagi",
    (
        "Laporan di sini tidak akan sampai ke petugas.",
        "Tanya fasilitator desa tentang kotak yang baru.",
        "Nomor tanda terima lama masih bisa dilihat, tetapi tidak ada kabar baru.",
        WHAT_ELSE,
    ),
    emergency=True,
)
STORAGE_FULL = Notice(
    "Laporan TIDAK tersimpan",
    (
        "Tempat simpan di kotak ini penuh. Tidak ada yang dikirim ke petugas.",
        "Beri tahu fasilitator desa bahwa kotaknya penuh. Isi laporan tidak perlu diceritakan.",
        "Isi Anda masih ada. Coba kirim lagi nanti.",
        WHAT_ELSE,
    ),
    emergency=True,
)
NOT_TAKEN = Notice(
    "Laporan TIDAK tersimpan",
    (
        "Ada gangguan di kotak ini. Tidak ada yang dikirim ke petugas.",
        "Isi Anda masih ada. Tunggu sebentar, lalu kirim sekali lagi.",
        "Kalau tetap gagal, beri tahu fasilitator desa. Isi laporan tidak perlu diceritakan.",
        WHAT_ELSE,
    ),
    emergency=True,
)
NOT_SURE = Notice(
    "Kami tidak tahu apakah laporan tersimpan",
    (
        "Ada gangguan di kotak ini.",
        "Isi Anda masih ada. Tekan Kirim sekali lagi.",
        "Laporan tidak akan tersimpan dua kali.",
    ),
    emergency=True,
)
NOTHING_WRITTEN = Notice(
    "Belum terkirim. Tekan Kirim sekali lagi.",
    ("Tulis sesuatu dulu, atau pilih foto atau suara.",),
)
TOO_MANY = Notice(
    "Laporan TIDAK tersimpan",
    ("Sudah terlalu banyak tambahan untuk laporan ini. Buat laporan baru.",),
)
FILES_REFUSED = Notice(
    "Belum terkirim. Tekan Kirim sekali lagi.",
    ("Ada foto atau suara yang tidak bisa dikirim. Lihat di bawah.", "Isi Anda masih ada."),
)
NOTICES = (
    BOX_SHUT_OUT,
    NOTHING_SAVED_NOW,
    SEND_ONCE_MORE,
    STORAGE_FULL,
    NOT_TAKEN,
    NOT_SURE,
    NOTHING_WRITTEN,
    TOO_MANY,
    FILES_REFUSED,
)
