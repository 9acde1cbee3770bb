"""Bulletins in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hub.bulletins.services import (
    CANCELLED,
    DRAFT,
    DROPPED,
    EXPIRED,
    REPLACED,
    SENT,
    WAITING,
)
from hub.bulletins.topics import CERTAINTIES, STATUSES, TOPICS
from hub.languages import N_
from hub.web.notice_words import LEVEL_WORDS as NOTICE_LEVELS
from sync.wire.numbers import NoticeKind

STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        DRAFT: N_("Konsep"),
        WAITING: N_("Menunggu persetujuan"),
        SENT: N_("Berlaku"),
        DROPPED: N_("Disisihkan"),
        REPLACED: N_("Diganti"),
        CANCELLED: N_("Dibatalkan"),
        EXPIRED: N_("Selesai"),
    }
)
LEVEL_WORDS: Final = NOTICE_LEVELS[NoticeKind.BULLETIN]
TOPIC_WORDS: Final[Mapping[str, str]] = MappingProxyType({key: topic.words for key, topic in TOPICS.items()})
STATUS_WORDS, CERTAINTY_WORDS = STATUSES, CERTAINTIES
MESSAGE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"Alert": N_("peringatan"), "Update": N_("pembaruan"), "Cancel": N_("pembatalan")}
)
WAY_WORDS: Final[Mapping[str, str]] = MappingProxyType({"mail": N_("surel"), "webhook": N_("webhook")})
