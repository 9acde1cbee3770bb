"""A bulletin as villages read it and as a CAP message in both languages. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hub.bulletins.cap import CapAlert, CapArea, CapInfo, MessageType, end_of
from hub.bulletins.services import BulletinDraft
from hub.bulletins.topics import CATEGORY, LEVELS, MARKS, PREFIXES, TOPICS, Both

VILLAGE_CHARACTERS = 13
_ONLY_INDONESIAN = "The text is in Indonesian: see the other language of this message."
_CANCELLED = Both("Peringatan ini ditarik.", "This warning is withdrawn.")
_WHOLE = "Seluruh wilayah hub"


@dataclass(frozen=True)
class Sender:
    """Who speaks: `key` is the beginning of the hub's signing key in hex, which no other hub has."""

    key: str
    name: str

    @property
    def id(self) -> str:
        """Return the sender as CAP messages name it."""
        return f"kentongan-{self.key}"


def sent_text(draft: BulletinDraft, area_name: str) -> str:
    """Return what villages read: the text, marked when it is a drill, and for which area it is meant where
    that is more than the village itself."""
    text = PREFIXES.get(draft.status, "") + draft.text.strip()
    return f"{text}\n({area_name})" if 0 < len(draft.area) < VILLAGE_CHARACTERS else text


def cap_alert(
    draft: BulletinDraft,
    *,
    message: MessageType,
    identifier: str,
    sender: Sender,
    sent: float,
    area_name: str,
    codes: Sequence[str],
    references: Sequence[str] = (),
) -> CapAlert:
    """Return the message. `codes` are those of the area, or of the villages of a whole region."""
    topic, level = TOPICS[draft.topic], LEVELS[draft.level]
    mark = MARKS.get(draft.status, Both("", ""))
    texts = Both(draft.text.strip(), draft.text_en.strip() or _ONLY_INDONESIAN)
    area = CapArea(area_name or _WHOLE, tuple(codes))
    cancelled = message == "Cancel"

    def info(tag: str, language: int) -> CapInfo:
        headline = f"{mark[language]}{level.words[language]}: {topic.event[language]}"
        return CapInfo(
            language=tag,
            category=CATEGORY,
            event=topic.event[language],
            response="AllClear" if cancelled else topic.response,
            urgency="Past" if cancelled else level.urgency,
            severity=level.severity,
            certainty=draft.certainty,
            effective=sent,
            expires=max(sent, end_of(draft.until)),
            sender_name=sender.name,
            headline=f"{headline}. {_CANCELLED[language]}" if cancelled else headline,
            description=mark[language] + (_CANCELLED[language] if cancelled else texts[language]),
            instruction="" if cancelled else topic.instruction[language],
            area=area,
        )

    return CapAlert(
        identifier=identifier,
        sender=sender.id,
        sent=sent,
        status="Actual" if draft.status == "Actual" else "Test" if draft.status == "Test" else "Exercise",
        message=message,
        public=draft.public,
        infos=(info("id-ID", 0), info("en-US", 1)),
        references=tuple(references),
        note="" if draft.status == "Actual" else "LATIHAN - exercise, no danger",
    )


def shorter_by(draft: BulletinDraft, letters: int) -> BulletinDraft:
    """Return a draft whose text is cut by so many letters at the end."""
    return replace(draft, text=draft.text.strip()[: max(0, len(draft.text.strip()) - letters)])
