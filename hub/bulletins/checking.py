"""Whether a bulletin may go out: its area, its length in one radio packet, and that it names nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from hub.accounts.areas import may_see
from hub.bulletins.known_people import known_people
from hub.bulletins.messages import sent_text, shorter_by
from hub.bulletins.naming import foreign_letters, may_be_names, named_in
from hub.bulletins.services import (
    EXPLAINED,
    NO_AREA,
    AreaChoice,
    BulletinDraft,
    BulletinRefused,
    Checked,
    Problem,
)
from hub.bulletins.topics import CERTAINTIES, LEVELS, STATUSES, TOPICS
from hub.languages import N_, counted
from hub.notice_services import NoticeDraft, NoticeRefused
from hub.notices import Notices
from hub.services import SignedIn
from sync.airtime import PUBLIC_KEY_PAYLOAD_LIMIT
from sync.areas.table import area_names
from sync.wire.notices import MAX_NOTICE_CHARACTERS
from sync.wire.numbers import BulletinLevel, NoticeKind

_LAST_DAY = date(2100, 1, 1)
"""Later is refused, and days have two bytes on the radio."""
PACKET_BYTES = PUBLIC_KEY_PAYLOAD_LIMIT
"""What every radio takes in one packet; only channels of one name take twelve more."""
LISTED_VILLAGES = 300
"""Of more villages, sub-districts and wider areas are chosen."""
LENGTHS = (0, 2, 5, 8, 13)
"""Characters of the codes of each level, from the whole region to a village."""


class Checker:
    """Checks drafts against what the hub holds now."""

    def __init__(self, database: Any, notices: Notices) -> None:
        self._db = database
        self._notices = notices

    def areas(self, *, who: SignedIn) -> tuple[AreaChoice, ...]:
        """See `BulletinServices.areas`."""
        villages = [choice.village for choice in self._notices.choices(by=who)]
        lengths = LENGTHS if len(villages) <= LISTED_VILLAGES else LENGTHS[:-1]
        counts = Counter(code[:length] for code in villages for length in lengths)
        allowed = [code for code in counts if covers(who, code)]
        return tuple(AreaChoice(code, name_of(code), counts[code]) for code in sorted(allowed))

    def check(self, draft: BulletinDraft, *, who: SignedIn) -> Checked:
        """See `BulletinServices.check`."""
        problems = wrong_choices(draft)
        text = sent_text(draft, name_of(draft.area))
        nodes = self.nodes(draft.area, who) if covers(who, draft.area) else ()
        if not nodes:
            problems.append(Problem("area", EXPLAINED["area"]))
        notice, sized = self.notice(draft, nodes), self._sized(draft)
        left = PACKET_BYTES - self._notices.packet_bytes(self.notice(sized, ()))
        if left < 0:
            problems.append(Problem("text", self._too_long(sized, -left)))
        try:
            if nodes:
                self._notices.check(notice, by=who)
        except NoticeRefused as refused:
            problems.append(Problem(refused.field, str(refused)))
        problems += self._names(draft, who)
        return Checked(text, len(nodes), left, tuple(problems))

    def _sized(self, draft: BulletinDraft) -> BulletinDraft:
        """Return a draft of the same size on the radio, where level or day are none that can be sent."""
        level = draft.level if draft.level in LEVELS else int(BulletinLevel.WARNING)
        return replace(draft, level=level, until=max(self._notices.today(), min(draft.until, _LAST_DAY)))

    def _names(self, draft: BulletinDraft, who: SignedIn) -> list[Problem]:
        texts = {"text": draft.text, "text_en": draft.text_en}
        known = known_people(self._db, who)
        found = []
        if len(draft.text_en) > MAX_NOTICE_CHARACTERS:
            found.append(Problem("text_en", N_("Paling banyak %(most)s huruf.", most=MAX_NOTICE_CHARACTERS)))
        for field, text in texts.items():
            if letters := foreign_letters(text):
                words = " ".join(letters[:5])
                found.append(
                    Problem(field, N_("Tulis dengan huruf Latin saja, tanpa: %(words)s", words=words))
                )
            if names := named_in(text, known):
                words = "; ".join(names)
                found.append(
                    Problem(
                        field,
                        N_("Hapus kata yang menunjuk orang dalam kasus atau laporan: %(words)s", words=words),
                    )
                )
        return found

    def _too_long(self, draft: BulletinDraft, over: int) -> str:
        low, high = 1, max(1, len(draft.text.strip()))
        while low < high:
            middle = (low + high) // 2
            cut = self._notices.packet_bytes(self.notice(shorter_by(draft, middle), ()))
            low, high = (low, middle) if cut <= PACKET_BYTES else (middle + 1, high)
        return N_(
            "Terlalu panjang untuk satu paket radio: kurangi %(bytes)s (kira-kira %(letters)s).",
            bytes=counted("%(count)s bita", over),
            letters=counted("%(count)s huruf", low),
        )

    def nodes(self, area: str, who: SignedIn) -> tuple[int, ...]:
        """Return the boxes of an area that have spoken and that `who` may write to."""
        choices = self._notices.choices(by=who)
        return tuple(c.node for c in choices if not area or f"{c.village}.".startswith(f"{area}."))

    def notice(self, draft: BulletinDraft, nodes: tuple[int, ...]) -> NoticeDraft:
        """Return a draft as the notice that carries it."""
        text = sent_text(draft, name_of(draft.area))
        return NoticeDraft(NoticeKind.BULLETIN, draft.level, draft.public, draft.until, text, nodes)


def refuse_unchecked(draft: BulletinDraft, who: SignedIn) -> None:
    """Raise BulletinRefused where words may name somebody of areas that an approving account does not see."""
    if not who.areas:
        return
    words = (*may_be_names(draft.text, "id"), *may_be_names(draft.text_en, "en"))
    if words:
        raise BulletinRefused(
            N_(
                "Kata ini mungkin nama orang: %(words)s. Hanya penyelia tanpa batas wilayah dapat "
                "memeriksanya: kembalikan buletin ini, atau minta penyelia itu menyetujuinya.",
                words="; ".join(dict.fromkeys(words)),
            )
        )


def wrong_choices(draft: BulletinDraft) -> list[Problem]:
    """Return what is on no list of choices."""
    choices: list[tuple[str, object, Any]] = [
        ("status", draft.status, STATUSES),
        ("topic", draft.topic, TOPICS),
        ("level", draft.level, LEVELS),
        ("certainty", draft.certainty, CERTAINTIES),
    ]
    wrong = N_("Pilih salah satu dari daftar.")
    return [Problem(field, wrong) for field, value, allowed in choices if value not in allowed]


def covers(who: SignedIn, area: str) -> bool:
    """Return whether an account sees the whole of an area."""
    return not who.areas if not area else may_see(who, area)


def name_of(area: str) -> str:
    """Return the name of an area, or its code; nothing for the whole region."""
    if area == NO_AREA:
        return N_("wilayah belum dipilih")
    return (area_names().name_of(area) or area) if area else ""
