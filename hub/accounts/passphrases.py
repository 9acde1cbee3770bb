"""Which passphrases an account may have: long enough and not one of those that everybody tries first. Pure.

No rules of composition, as NIST SP 800-63B asks: length is what helps.
"""

from __future__ import annotations

from hub.account_services import MIN_PASSWORD_CHARACTERS
from sync.passwords import PASSWORD_MAX_CHARACTERS

_SHORT_CYCLE = 4

COMMON = frozenset(
    [
        "123456789012",
        "1234567890123",
        "12345678901234",
        "123456123456",
        "012345678910",
        "987654321098",
        "112233445566",
        "qwertyuiop12",
        "qwertyuiop123",
        "qwertyuiopas",
        "qwerty123456",
        "qwerty12345678",
        "1q2w3e4r5t6y",
        "asdfghjkl123",
        "zxcvbnm12345",
        "password1234",
        "password12345",
        "password123456",
        "passwordpassword",
        "passw0rd1234",
        "p@ssw0rd1234",
        "katasandi123",
        "katasandi1234",
        "katasandisaya",
        "sandirahasia",
        "rahasia12345",
        "rahasia123456",
        "sangatrahasia",
        "rahasiasekali",
        "admin1234567",
        "administrator",
        "administrator1",
        "administrator123",
        "admin123admin",
        "adminadmin123",
        "superadmin123",
        "indonesia123",
        "indonesia1234",
        "indonesia1945",
        "indonesiaraya",
        "indonesiaku123",
        "merahputih123",
        "merdeka170845",
        "garuda123456",
        "imigrasi1234",
        "imigrasi12345",
        "kantorimigrasi",
        "imigrasi2026",
        "imigrasiindonesia",
        "kentongan123",
        "kentongan1234",
        "kentongankentongan",
        "bismillah123",
        "bismillah1234",
        "alhamdulillah",
        "alhamdulillah1",
        "assalamualaikum",
        "sayangsayang",
        "sayangkamu123",
        "sayang123456",
        "akusayangkamu",
        "iloveyou1234",
        "iloveyou12345",
        "cintaku12345",
        "welcome12345",
        "welcome123456",
        "letmein12345",
        "changeme1234",
        "changemenow1",
        "gantisandi123",
        "default12345",
        "jakarta12345",
        "surabaya1234",
        "mataram12345",
        "kupang123456",
        "lomboklombok",
    ]
)


def problem_of(password: str, name: str) -> str | None:
    """Return None for a passphrase that may be used, else which of `REFUSALS` speaks against it."""
    if len(password) < MIN_PASSWORD_CHARACTERS:
        return "short"
    if len(password) > PASSWORD_MAX_CHARACTERS:
        return "long"
    plain = "".join(password.casefold().split())
    if plain in COMMON or _repeats(plain) or _repeats_name(plain, "".join(name.casefold().split())):
        return "common"
    return None


def _repeats(plain: str) -> bool:
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, _SHORT_CYCLE + 1))


def _repeats_name(plain: str, name: str) -> bool:
    return bool(name) and not plain.replace(name, "").strip("0123456789")
