"""What pages, commands and the door ask of the subscriptions, and the words for what became of messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol

from hub.bulletins.services import BulletinDraft
from hub.languages import N_
from hub.services import SignedIn

SMS, TELEGRAM = "sms", "telegram"
WAYS: Final = (SMS, TELEGRAM)
WAY_WORDS: Final = MappingProxyType({SMS: N_("SMS"), TELEGRAM: N_("Telegram")})
LANGUAGES: Final = ("id", "en", "jv", "su", "sas", "mad")
"""In which people may ask; bulletins are written in the first two."""
WAITING, HANDED, SENT, DROPPED, FAILED = "waiting", "handed", "sent", "dropped", "failed"
MESSAGE_STATES: Final = (WAITING, HANDED, SENT, DROPPED, FAILED)
PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unsure": N_("mungkin terkirim, tidak ada yang tahu: tidak dikirim dua kali"),
        "overtaken": N_("tidak dikirim: ada kabar yang lebih baru"),
        "over": N_("tidak dikirim: masa berlakunya sudah lewat"),
        "busy": N_("menunggu: modem atau Telegram minta pelan-pelan"),
        "away": N_("menunggu: modem atau Telegram tidak bisa dihubungi"),
        "network": N_("tidak diterima jaringan"),
        "refused": N_("ditolak: nomornya salah, atau teksnya terlalu panjang"),
        "unreadable": N_("tidak dikirim: alamatnya tidak terbaca lagi"),
    }
)
"""Why a message is not simply sent; without anything about whom."""
OUTCOMES: Final = ("sent", "unsure", "busy", "away", "network", "refused", "gone")
"""What a bot may say of a message. "gone": there is nobody any more, and the subscription ends."""
SMALLEST_SHOWN: Final = 11
SMS_A_DAY: Final = 200
"""Parts, unless `kentongan hub subscriptions limit` says another number."""
SMS_A_DAY_MOST: Final = 5_000


class SubscriptionRefused(ValueError):
    """A wish that is not taken; the text says what is allowed, without the address."""


@dataclass(frozen=True)
class Standing:
    """For which area and in which language somebody is told."""

    area: str
    language: str


@dataclass(frozen=True, repr=False)
class Handed:
    """A message for a bot to send, under its number. No repr: it holds an address."""

    id: int
    to: str
    text: str


@dataclass(frozen=True)
class AreaCount:
    """How many are told by one way in one district, or in one province or the whole region where they asked
    for that. `shown` is None where it is a small number, or would tell one."""

    area: str
    name: str
    way: str
    shown: int | None


@dataclass(frozen=True)
class Reach:
    """To how many a bulletin goes by one way, and in how many parts each at most."""

    way: str
    people: int
    parts: int
    a_day: int = 0
    """Of an SMS: how many parts may go out a day; 0 for no limit, or none at all."""

    @property
    def is_too_long(self) -> bool:
        """Whether one message alone has more parts than may go out a day, so that none goes."""
        return self.parts > self.a_day > 0

    @property
    def days(self) -> int:
        """On how many days it goes out."""
        return -(-self.people * self.parts // self.a_day) if self.a_day else 1

    @property
    def is_small(self) -> bool:
        """Whether the number is said as "fewer than 11"."""
        return 0 < self.people < SMALLEST_SHOWN


@dataclass(frozen=True)
class SentLine:
    """What became of the messages of one bulletin by one way. `problems`: reasons of `PROBLEMS` with how
    often."""

    bulletin: int
    way: str
    waiting: int
    sent: int
    failed: int
    problems: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class WayLine:
    """One way at work: what waits, when a bot fetched last (Unix seconds), and of an SMS how many parts went
    out today and may go out a day, how many wait, and how many messages are longer than that, with the
    longest."""

    way: str
    waiting: int
    fetched_at: float | None
    today: int = 0
    a_day: int | None = None
    parts: int = 0
    too_long: int = 0
    longest: int = 0


class SubscriptionServices(Protocol):
    """What the page asks. Nothing of it is about one person."""

    def counts(self) -> tuple[AreaCount, ...]:
        """Return how many are told, by district and way."""
        ...

    def reach(self, draft: BulletinDraft) -> tuple[Reach, ...]:
        """Return to whom a draft would go; none for one that goes to no subscriber."""
        ...

    def lines(self, limit: int) -> tuple[SentLine, ...]:
        """Return what became of the newest bulletins' messages."""
        ...

    def ways(self) -> tuple[WayLine, ...]:
        """Return how the ways fare."""
        ...

    def set_sms_a_day(self, parts: int, *, who: SignedIn | str) -> None:
        """Say how many parts of SMS may go out a day; raise SubscriptionRefused."""
        ...
