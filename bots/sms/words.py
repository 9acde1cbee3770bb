"""What the rim of SMS itself says, in Indonesian, as keys of the catalogues."""

from __future__ import annotations

from bots.texts import N_

WAITS = N_(
    "BELUM diproses. SMS Anda menunggu di sini dan dicoba terus, jangan kirim lagi. "
    "Bahaya sekarang? Telepon %(phone)s."
)
UNREADABLE = N_("SMS Anda tidak terbaca di sini dan TIDAK tersimpan. Kirim lagi dengan huruf biasa saja.")
INCOMPLETE = N_("SMS Anda tidak lengkap sampai di sini, sebagian hilang. Kirim lagi bagian yang hilang.")
