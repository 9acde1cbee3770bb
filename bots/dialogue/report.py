"""A report: a short chain of questions, a summary in words to check, and what became of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from bots.dialogue.contract import (
    Button,
    Input,
    NotTaken,
    Pressed,
    Reply,
    Said,
    SentFile,
    SharedPosition,
    Submit,
    Turn,
)
from bots.dialogue.drafts import (
    DATES,
    LABELS,
    OFFER,
    RECRUITER,
    SENDING,
    SUMMARY,
    TEXTS,
    Draft,
    TooLong,
    date_answer,
    report_of,
    shown_date,
    text_answer,
    with_position,
)
from bots.dialogue.emergency_numbers import numbers_text
from bots.dialogue.places import ask_place, full_name, place_pressed, place_typed
from bots.dialogue.scene import Scene, choice_buttons, led_by, rows
from bots.texts import N_
from content.report_choices import (
    DESTINATION_CHOICES,
    KIND_CHOICES,
    URGENCY_CHOICES,
    YES_NO_CHOICES,
    Choice,
)

NAME = "report"
CHOICES: Mapping[str, tuple[Choice, ...]] = {
    "kind": KIND_CHOICES,
    "urgency": URGENCY_CHOICES,
    "official_involved": YES_NO_CHOICES,
    "offer.destination": DESTINATION_CHOICES,
}
HINTS: Mapping[str, str] = {
    "narrative": N_(
        "Pakai bahasa sehari-hari, bahasa daerah juga boleh. Siapa, di mana, kapan, mau ke mana. "
        "Paling banyak 4.000 huruf."
    ),
    "official_involved": N_("Orang di desa tidak bisa melihat jawaban ini."),
    "observed_on": N_("Contoh: 20-11-2026"),
    "offer.departure_on": N_("Contoh: 20-11-2026"),
    "reporter.contact": N_(
        "Isi hanya kalau aman. Kalau kosong, jawaban tetap bisa dilihat dengan nomor tanda terima."
    ),
}
PARTS = (
    ("narrative", N_("Cerita")),
    ("place", N_("Tempat kejadian")),
    ("observed_on", N_("Tanggal kejadian")),
    (RECRUITER[0], N_("Orang yang mengajak")),
    (OFFER[0], N_("Tujuan dan tanggal berangkat")),
    ("official_involved", N_("Perangkat desa")),
    ("urgency", N_("Mendesak atau tidak")),
    ("kind", N_("Jenis laporan")),
    ("reporter.contact", N_("Cara menghubungi Anda")),
)
"""What can be added or changed from the summary: the step, and how it is called."""
SKIP = N_("Lewati")
SEND = N_("Kirim")
CHECK = N_("Periksa dulu. Ini yang akan dikirim:")
PHOTOS = N_("Foto atau suara bisa dikirim kapan saja, selama laporan belum dikirim.")
FILES = N_("Foto atau suara")
POSITION = N_("Lokasi Anda ikut dikirim.")
SEND_OR_ADD = N_("Kirim, atau tambah dulu?")
NOTHING_YET = N_("Tulis sedikit cerita. Satu kalimat sudah cukup.")
FILE_HELD = N_("Diterima. Belum dikirim ke petugas.")
NO_MORE_FILES = N_("Sudah cukup banyak. Paling banyak 8 foto atau suara dalam satu laporan.")
TOO_LONG = N_("Terlalu panjang: %(length)s huruf. Paling banyak %(most)s huruf.")
NO_DATE = N_("Tulis tanggal yang ada di kalender, contoh: 20-11-2026.")
NO_COUNTRY = N_("Pilih dari daftar saja.")
ADDED_TO_STORY = N_("Ditambahkan ke cerita.")
WAITING = N_("Laporan sedang disimpan. Tunggu sebentar.")
RETRY = N_("Coba lagi")
REFUSED = N_("Laporan TIDAK tersimpan: kotak ini menolaknya. Ubah isinya, lalu kirim lagi.")
FULL = N_("Laporan TIDAK tersimpan: tempat simpan penuh. Coba lagi nanti.")
AWAY = N_("Laporan BELUM tersimpan: kotak yang menyimpan sedang tidak bisa dihubungi.")
POSITION_KEPT = N_("Lokasi dicatat untuk laporan ini. Belum dikirim.")
PLACE_KEPT = N_("Tempat di peta itu dicatat, bukan lokasi Anda sendiri. Belum dikirim.")
TODAY = N_("Hari ini")
YESTERDAY = N_("Kemarin")
TOMORROW = N_("Besok")
_SAID_SEND = ("kirim", "send")


class ReportDialogue:
    """Asks for a report step by step."""

    def ask(self, scene: Scene) -> Reply:
        """Return the open question, or the summary."""
        draft: Draft = scene.held
        if draft.step == SUMMARY:
            return self._summary(scene, draft)
        if draft.step == SENDING:
            return Reply(scene.say(WAITING), ((scene.button("retry", RETRY),),))
        if draft.step == "place":
            reply = ask_place(scene, draft)
        else:
            reply = Reply(_question(scene, draft), _buttons(scene, draft))
        if draft.can_be_sent:
            reply = replace(reply, buttons=(*reply.buttons, (scene.button("send", SEND),)))
        return reply

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of an answer."""
        draft: Draft = scene.held
        if isinstance(heard, NotTaken):
            return self._not_taken(scene, draft, heard)
        if isinstance(heard, SentFile):
            more = draft.with_file(heard.handle)
            lead = NO_MORE_FILES if more is None else FILE_HELD
            return self._asked(scene, more or draft, scene.say(lead))
        if isinstance(heard, SharedPosition):
            return self._positioned(scene, draft, heard)
        if isinstance(heard, Pressed):
            return self._pressed(scene, draft, heard.value)
        if isinstance(heard, Said):
            return self._said(scene, draft, heard.text)
        return None

    def _positioned(self, scene: Scene, draft: Draft, shared: SharedPosition) -> Turn | None:
        if not draft.is_urgent and not scene.room.abroad:
            # A village is picked from the list; the name of a place on a map is looked for there.
            is_named = draft.step == "place" and shared.place
            return self._asked(scene, place_typed(draft, shared.place)) if is_named else None
        placed = with_position(draft, shared)
        if placed is None:
            return None
        return self._asked(scene, placed, scene.say(PLACE_KEPT if shared.place else POSITION_KEPT))

    def _pressed(self, scene: Scene, draft: Draft, value: str) -> Turn | None:
        if draft.step == SENDING:
            return self._send(scene, draft) if value == "retry" else None
        if value == "send":
            return self._wants_to_send(scene, draft)
        word, _, rest = value.partition(":")
        if word == "part" and draft.step == SUMMARY and any(rest == step for step, _ in PARTS):
            return self._asked(scene, draft.going_to(rest))
        if draft.step == "place":
            more = place_pressed(scene, draft, value)
            return None if more is None else self._asked(scene, more)
        if word == "v" and draft.step in (*CHOICES, *DATES, *TEXTS):
            return self._chosen(scene, draft, rest)
        return None

    def _chosen(self, scene: Scene, draft: Draft, value: str) -> Turn | None:
        if not value:
            return self._asked(scene, draft.with_answer(draft.step, None).next())
        if draft.step in DATES:
            day = date_answer(value)
            return None if day is None else self._asked(scene, draft.with_answer(draft.step, day).next())
        if not any(choice.value == value for choice in CHOICES.get(draft.step, ())):
            return None
        answer = value == "yes" if draft.step == "official_involved" else value
        lead = ""
        if draft.step == "urgency" and value == "now":
            lead = numbers_text(scene)
        return self._asked(scene, draft.with_answer(draft.step, answer).next(), lead)

    def _said(self, scene: Scene, draft: Draft, text: str) -> Turn | None:
        if draft.step == SENDING:
            return None
        if text.strip().casefold() in (*_SAID_SEND, scene.say(SEND).casefold()):
            return self._wants_to_send(scene, draft)
        return self._told(scene, draft, text) if text.strip() else None

    def _told(self, scene: Scene, draft: Draft, text: str) -> Turn:
        if draft.step == "place":
            return self._asked(scene, place_typed(draft, text))
        if draft.step in DATES:
            day = date_answer(text)
            if day is None:
                return self._asked(scene, draft, scene.say(NO_DATE))
            return self._asked(scene, draft.with_answer(draft.step, day).next())
        if draft.step in TEXTS:
            return self._text(scene, draft, draft.step, text)
        if draft.step == "offer.destination":
            return self._country(scene, draft, text)
        # Somebody who writes instead of choosing tells the story.
        return self._more_story(scene, draft, text)

    def _text(self, scene: Scene, draft: Draft, path: str, text: str) -> Turn:
        try:
            found = text_answer(path, text)
        except TooLong as long:
            return self._asked(scene, draft, scene.say(TOO_LONG, length=long.length, most=long.most))
        return self._asked(scene, draft.with_answer(path, found or None).next())

    def _more_story(self, scene: Scene, draft: Draft, text: str) -> Turn:
        before = draft.answers.get("narrative", "")
        try:
            found = text_answer("narrative", f"{before}\n{text}")
        except TooLong as long:
            return self._asked(scene, draft, scene.say(TOO_LONG, length=long.length, most=long.most))
        return self._asked(scene, draft.with_answer("narrative", found or None), scene.say(ADDED_TO_STORY))

    def _country(self, scene: Scene, draft: Draft, text: str) -> Turn:
        code = text.strip().upper()
        if len(code) == 2 and code.isascii() and code.isalpha():
            return self._asked(scene, draft.with_answer(draft.step, code).next())
        wanted = text.strip().casefold()
        for choice in DESTINATION_CHOICES:
            if wanted in (choice.label.casefold(), scene.say(choice.label).casefold()):
                return self._asked(scene, draft.with_answer(draft.step, choice.value).next())
        return self._asked(scene, draft, scene.say(NO_COUNTRY))

    def _wants_to_send(self, scene: Scene, draft: Draft) -> Turn:
        if not draft.can_be_sent:
            return self._asked(scene, draft.going_to("narrative"), scene.say(NOTHING_YET))
        if draft.step != SUMMARY:
            return self._asked(scene, draft.going_to(SUMMARY))
        return self._send(scene, draft)

    def _send(self, scene: Scene, draft: Draft) -> Turn:
        sending = draft.going_to(SENDING)
        report = report_of(draft, scene.room.channel)
        return scene.holding(sending).turn(wishes=(Submit(report, draft.files, draft.token),))

    def _not_taken(self, scene: Scene, draft: Draft, why: NotTaken) -> Turn | None:
        if draft.step != SENDING:
            return None
        if why.why == "refused":
            # What was refused is told anew, under a token of its own.
            return self._asked(
                scene, replace(draft.going_to(SUMMARY), token=scene.room.token()), scene.say(REFUSED)
            )
        text = scene.say(FULL if why.why == "full" else AWAY)
        if draft.is_urgent:
            text = f"{text}\n{numbers_text(scene)}"
        return scene.turn(Reply(text, ((scene.button("retry", RETRY),),)))

    def _asked(self, scene: Scene, draft: Draft, lead: str = "") -> Turn:
        after = scene.holding(draft)
        return after.turn(led_by(lead, self.ask(after)))

    def _summary(self, scene: Scene, draft: Draft) -> Reply:
        lines = [scene.say(CHECK), *summary_lines(scene, draft), "", scene.say(SEND_OR_ADD)]
        if not draft.files:
            lines.append(scene.say(PHOTOS))
        parts = [scene.button(f"part:{step}", label) for step, label in PARTS]
        return Reply("\n".join(lines), ((scene.button("send", SEND),), *rows(parts, 2)))


def summary_lines(scene: Scene, draft: Draft) -> list[str]:
    """Return what a draft holds, a line for each answer."""
    lines = []
    for path, label in LABELS.items():
        value = draft.answers.get(path)
        if value is not None:
            lines.append(f"- {scene.say(label)}: {_in_words(scene, path, value)}")
        if path == "place" and "place_text" in draft.answers:
            lines.append(f"- {scene.say(PARTS[1][1])}: {draft.answers['place_text']}")
    if draft.files:
        lines.append(f"- {scene.say(FILES)}: {len(draft.files)}")
    if "position" in draft.answers:
        lines.append(f"- {scene.say(POSITION)}")
    return lines


def _in_words(scene: Scene, path: str, value: object) -> str:
    if path == "place":
        return full_name(scene.room, str(value))
    if path in DATES:
        return shown_date(str(value))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    for choice in CHOICES.get(path, ()):
        if choice.value == value:
            return scene.say(choice.label)
    return str(value)


def _question(scene: Scene, draft: Draft) -> str:
    lines = [scene.say(LABELS[draft.step])]
    if draft.step in HINTS:
        lines.append(scene.say(HINTS[draft.step]))
    return "\n".join(lines)


def _buttons(scene: Scene, draft: Draft) -> tuple[tuple[Button, ...], ...]:
    step = draft.step
    if step == "offer.destination":
        return (*choice_buttons(scene, DESTINATION_CHOICES, 3), (scene.button("v:", SKIP),))
    if step in CHOICES:
        return choice_buttons(scene, CHOICES[step])
    skip = scene.button("v:", SKIP)
    if step in DATES:
        today = scene.room.today
        other = (YESTERDAY, -1) if step == "observed_on" else (TOMORROW, 1)
        days = [
            scene.button(f"v:{(today + datetime.timedelta(days=by)).isoformat()}", label)
            for label, by in ((TODAY, 0), other)
        ]
        return (tuple(days), (skip,))
    return () if step == "narrative" and not draft.can_be_sent else ((skip,),)
