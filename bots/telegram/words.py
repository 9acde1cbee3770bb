"""What the rim itself says, in Indonesian, as keys of the catalogues. Everything else the dialogues say."""

from __future__ import annotations

from collections.abc import Callable

from bots.texts import N_

Say = Callable[[str, str], str]
"""(language, text in Indonesian) -> text in that language; see `bots.texts.say`."""

RESTARTED = N_(
    "Bot ini baru dinyalakan lagi. Percakapan sebelum ini sudah dilupakan. "
    "Yang belum sempat dikirim tidak tersimpan: mulai lagi dari awal."
)
OTHER_BEFORE = N_(
    "Percakapan sebelum ini tidak dikenal di sini: mungkin kotak yang lain yang menjawab. "
    "Jika Anda sudah menekan Kirim dan belum menerima nomor tanda terima, "
    "laporan itu mungkin SUDAH tersimpan di sana: tunggu dulu, jangan langsung mengirim lagi."
)
FORGOTTEN = N_(
    "Percakapan tadi sudah lama diam, jadi sudah dilupakan. Yang belum sempat dikirim tidak tersimpan."
)
OLD_BUTTON = N_("Tombol itu sudah tidak berlaku. Pakai tombol pada pesan yang terakhir.")
EDITED = N_("Pesan yang diubah tidak terbaca di sini. Tulis lagi sebagai pesan baru.")
FORWARDED_PLACE = N_(
    "Lokasi yang diteruskan dari orang lain tidak dicatat: itu bukan lokasi Anda. "
    "Bagikan lokasi Anda sendiri, atau tulis di mana."
)
LIVE = N_(
    "Lokasi yang bergerak: hanya titik pertama yang terbaca di sini, tidak ada yang mengikuti Anda. "
    "Kalau Anda pindah, bagikan lagi."
)
FLOOD = N_(
    "Terlalu banyak pesan sekaligus. Yang baru saja masuk tidak dibaca. Tunggu satu menit, lalu tulis lagi."
)
FAULT = N_("Ada yang salah di kotak ini dan pesan tadi tidak diproses. Mulai lagi dengan /start.")
INTERRUPTED_TAKEN = N_(
    "Bot ini sempat mati sewaktu menyimpan. Laporan Anda SUDAH tersimpan. Kode tanda terima: %(code)s. "
    "Jangan kirim laporan itu lagi."
)
INTERRUPTED_TAKEN_NO_CODE = N_(
    "Bot ini sempat mati sewaktu menyimpan. Yang terakhir Anda kirim SUDAH tersimpan dan dikirim ke hub. "
    "Jika itu laporan baru, kode tanda terimanya tidak bisa ditunjukkan lagi. Jangan kirim lagi."
)
"""Of a report, an addition or a withdrawal: which it was the box does not tell."""
KEPT_BY_VILLAGE = N_("Yang menyimpan: kotak desa.")
KEPT_BY_HUB = N_("Yang menyimpan: hub.")
INTERRUPTED = N_(
    "Bot ini sempat mati sewaktu membaca pesan Anda, dan percakapan itu sudah dilupakan. "
    "Jika Anda belum menerima kode tanda terima, laporan belum tersimpan: mulai lagi dengan /start."
)
AWAY_LONG = N_(
    "Bot ini lama tidak terhubung. Telegram menyimpan pesan hanya satu hari, jadi pesan yang dikirim "
    "sebelum %(until)s mungkin hilang. Jika Anda mengirim sesuatu dan belum dijawab, kirim sekali lagi."
)
VILLAGE_ANSWERS = N_("Yang menjawab di sini sekarang: kotak desa.")
HUB_ANSWERS = N_("Yang menjawab di sini sekarang: hub, karena kotak desa sedang tanpa internet.")
OTHER_BOX = N_(
    "Bot ini dilayani bergantian oleh kotak desa dan hub. Kode dari yang satu tidak dikenal oleh yang lain: "
    "jika Anda melapor waktu yang lain menjawab, laporan itu tetap tersimpan, dan statusnya bisa dilihat "
    "lagi waktu yang itu menjawab."
)
INTERRUPTED_UNKNOWN = N_(
    "Bot ini sempat mati sewaktu membaca pesan Anda. Belum bisa dipastikan apakah laporan tersimpan, "
    "karena kotak yang menyimpan sedang tidak bisa dihubungi. Tulis /start nanti untuk mencoba lagi."
)
DELETED = N_("Pesan di percakapan ini sudah dihapus dan percakapannya dilupakan.")
FORGOTTEN_ALL = N_("Percakapan ini sudah dilupakan di sini.")
DELETE_YOURSELF = N_(
    "Sebagian pesan tidak bisa dihapus oleh bot: yang lebih tua dari dua hari, dan yang ada sebelum bot ini "
    "dinyalakan. Hapus sendiri: tekan lama percakapan ini, pilih Hapus, dan centang hapus juga untuk bot. "
    "Telegram sendiri mungkin tetap menyimpan salinannya."
)
DELETE_LABEL = N_("Hapus pesan ini")
POSITION_LABEL = N_("Kirim posisi saya")
POSITION_HOW = N_("Posisi hanya terkirim jika Anda menekan tombol di bawah.")
