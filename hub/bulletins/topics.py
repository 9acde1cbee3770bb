"""What bulletins are about, how pressing they are, and the words for both that agencies are told. Pure.

Words for agencies are written in both languages at once: a CAP message speaks both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from hub.languages import N_
from sync.wire.numbers import BulletinLevel


class Both(NamedTuple):
    """The same in Indonesian and in English."""

    id: str
    en: str


@dataclass(frozen=True)
class Topic:
    """What a bulletin is about: its event, what to do in the standard's word, and in our own."""

    words: str
    event: Both
    response: str
    instruction: Both


_ASK: Final = Both(
    "Jangan serahkan paspor atau uang. Periksa tawaran dulu. Dalam bahaya: telepon polisi 110.",
    "Hand over no passport and no money. Have the offer checked first. In danger: call the police, 110.",
)
TOPICS: Final[Mapping[str, Topic]] = MappingProxyType(
    {
        "offer": Topic(
            N_("Tawaran kerja yang berbahaya"),
            Both("Tawaran kerja yang berbahaya", "Dangerous job offers"),
            "Avoid",
            _ASK,
        ),
        "departure": Topic(
            N_("Pemberangkatan tanpa izin"),
            Both("Pemberangkatan tanpa izin", "Departures without a permit"),
            "Avoid",
            _ASK,
        ),
        "online": Topic(
            N_("Penipuan kerja daring"), Both("Penipuan kerja daring", "Online job scams"), "Avoid", _ASK
        ),
        "ship": Topic(
            N_("Kerja di kapal tanpa kontrak"),
            Both("Kerja di kapal tanpa kontrak", "Work on ships without a contract"),
            "Avoid",
            _ASK,
        ),
        "missing": Topic(
            N_("Orang dibawa pergi"),
            Both("Orang dibawa pergi", "People taken away"),
            "Monitor",
            Both(
                "Tahu sesuatu? Lapor di kotak desa atau telepon polisi 110.",
                "Know something? Report at the village box or call the police, 110.",
            ),
        ),
        "general": Topic(
            N_("Perdagangan orang"), Both("Perdagangan orang", "Trafficking in persons"), "Monitor", _ASK
        ),
    }
)
CATEGORY: Final = "Security"
CERTAINTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Observed": N_("Sudah terjadi"),
        "Likely": N_("Sangat mungkin"),
        "Possible": N_("Mungkin"),
    }
)
"""How sure it is, in the standard's word and in ours."""
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Actual": N_("Sungguhan"),
        "Exercise": N_("Latihan"),
        "Test": N_("Uji coba"),
    }
)
PREFIXES: Final[Mapping[str, str]] = MappingProxyType({"Exercise": "LATIHAN: ", "Test": "UJI COBA: "})
"""Begins what a village reads when it is not meant: nobody may take a drill for danger."""
MARKS: Final[Mapping[str, Both]] = MappingProxyType(
    {"Exercise": Both("LATIHAN: ", "EXERCISE: "), "Test": Both("UJI COBA: ", "TEST: ")}
)
"""The same for agencies: who reads a headline in a list of mails sees no status."""


class Pressing(NamedTuple):
    """A level in the standard's words."""

    urgency: str
    severity: str
    words: Both


LEVELS: Final[Mapping[int, Pressing]] = MappingProxyType(
    {
        BulletinLevel.INFORMATION: Pressing("Future", "Minor", Both("Informasi", "Information")),
        BulletinLevel.WARNING: Pressing("Expected", "Moderate", Both("Waspada", "Warning")),
        BulletinLevel.DANGER: Pressing("Immediate", "Severe", Both("Bahaya", "Danger")),
    }
)
_OF_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"offer": "offer", "recruiter": "offer", "departure": "departure", "missing": "missing"}
)


def topic_of(category: str) -> str:
    """Return the topic that fits the category of a signal best: a kind of report, or anything else."""
    return _OF_KINDS.get(category, "general")
