"""The text of a notice about a breach, for whoever is affected and for the agency. Pure; Indonesian.

Our field map says that the notice is due within 3 x 24 hours, to the people and to the agency, and that
article 46 says what must stand in it. It does not say what: the three parts below are what such notices
usually tell, and the text itself says that nobody has checked them.
"""

from __future__ import annotations

from string import Template
from typing import Final

from hub.retention.rights_services import Breach

UNVERIFIED: Final = "[BELUM DIPERIKSA]"
TO_WRITE: Final = "(ditulis kantor)"
_TEXT: Final = Template(
    """PEMBERITAHUAN KEGAGALAN PELINDUNGAN DATA PRIBADI

Dari: $hub
Kepada: (orang yang datanya terkena) dan (lembaga pelindungan data pribadi; $unverified lembaga mana)
Tanggal: (ditulis kantor)

Pemberitahuan ini dibuat menurut Undang-Undang Nomor 27 Tahun 2022, Pasal 46,
paling lambat 3 x 24 jam. Kantor mengetahui kejadian ini pada $known_at.
Batas waktunya $due_at.

1. Data pribadi yang terkena $unverified
$affected

2. Kapan dan bagaimana terjadi $unverified
$how

3. Apa yang dilakukan untuk menangani dan memulihkan $unverified
$handling

4. Ke mana bertanya
(nama petugas, telepon, dan alamat kantor)

Catatan untuk kantor, hapus sebelum dikirim: yang bertanda $unverified belum
dibandingkan dengan naskah undang-undang. Minta bagian hukum memeriksanya.
"""
)


def notice_text(breach: Breach, *, hub: str, known_at: str, due_at: str) -> str:
    """Return the notice as plain text; the times come in words, what nobody wrote yet is left open."""
    return _TEXT.substitute(
        hub=hub,
        known_at=known_at,
        due_at=due_at,
        affected=breach.affected or TO_WRITE,
        how=breach.how or TO_WRITE,
        handling=breach.handling or TO_WRITE,
        unverified=UNVERIFIED,
    )
