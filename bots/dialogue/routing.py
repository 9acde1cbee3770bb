"""Which dialogue hears an input: commands first, then the one that goes on; what all of them share."""

from __future__ import annotations

from dataclasses import replace

from bots.dialogue import short_messages
from bots.dialogue.contract import (
    Answered,
    Button,
    Done,
    FileNotTaken,
    Input,
    KeptBy,
    NotTaken,
    Pressed,
    Reply,
    Room,
    Said,
    Shown,
    State,
    Subscribed,
    Taken,
    Turn,
)
from bots.dialogue.drafts import Draft
from bots.dialogue.emergency_numbers import numbers_text
from bots.dialogue.menu import DIALOGUES, begun_with, opened
from bots.dialogue.scene import MOST_TEXT, Scene, led_by
from bots.dialogue.settings import WARNING, language_words
from bots.texts import BY_TAG, N_, say
from sync.identifiers import spaced_receipt_code

MOST_BACK = 12
"""How many steps one can go back."""
COMMANDS = {
    "start": "menu",
    "mulai": "menu",
    "menu": "menu",
    "batal": "menu",
    "cancel": "menu",
    "lapor": "report",
    "report": "report",
    "bahaya": "danger",
    "tolong": "danger",
    "danger": "danger",
    "sos": "danger",
    "cek": "receipt",
    "check": "receipt",
    "tawaran": "offer",
    "offer": "offer",
    "tanya": "ask",
    "ask": "ask",
    "kuis": "quiz",
    "quiz": "quiz",
    "bantuan": "help",
    "help": "help",
    "bahasa": "language",
    "language": "language",
    "privasi": "privacy",
    "privacy": "privacy",
    "hapus": "privacy",
    "delete": "privacy",
    "langganan": "subscribe",
    "subscribe": "subscribe",
    "berhenti": "unsubscribe",
    "stop": "unsubscribe",
    "unsubscribe": "unsubscribe",
}
"""What is typed after a slash, at any time -> the dialogue that begins."""
_WORDS = frozenset({"batal", "menu", "mulai", "bantuan", "bahaya", "langganan", "berhenti", "stop"})
"""These count without a slash too, where they stand alone."""
DROPPED = N_("Dibatalkan. Yang belum dikirim sudah dilupakan.")
NOT_UNDERSTOOD = N_("Maaf, itu belum saya mengerti.")
BACK = N_("Kembali")
MENU = N_("Batal")
FILES_REFUSED = {
    "size": N_("Foto atau suara itu terlalu besar, jadi tidak diambil. Kirim yang lebih kecil."),
    "kind": N_("Yang bisa dikirim hanya foto dan suara."),
    "damaged": N_("Berkasnya rusak atau terpotong."),
    "count": N_("Sudah cukup banyak. Paling banyak 8 foto atau suara dalam satu laporan."),
    "network": N_("Foto atau suara itu belum sampai di sini. Kirim sekali lagi."),
}
SAVED = N_("Laporan Anda sudah tersimpan")
CODE = N_("Nomor tanda terima")
KEEP_CODE = N_("Simpan baik-baik. Siapa pun yang tahu nomor ini bisa membaca jawaban petugas.")
NO_CODE = N_("Nomor tanda terimanya tidak bisa ditunjukkan lagi. Jangan kirim laporan itu lagi.")
KEPT_BY = {
    KeptBy.VILLAGE: N_("Yang menyimpan: kotak desa."),
    KeptBy.HUB: N_("Yang menyimpan: hub."),
}
_OUTCOMES = (Taken, NotTaken, Shown, Done, Answered, Subscribed)


def talk(state: State, heard: Input, room: Room) -> Turn:
    """Return what comes of one input; never raises, whatever people write."""
    if room.channel.one_message:
        return short_messages.talk(state, heard, room)
    if state.dialogue not in DIALOGUES:
        state = State(language=state.language, warned=state.warned)
    scene = Scene(state, room)
    if isinstance(heard, Said):
        heard = _as_meant(scene, Said(heard.text[:MOST_TEXT]))
    turn = _everywhere(scene, heard) or DIALOGUES[state.dialogue].hear(scene, heard)
    if turn is None:
        if isinstance(heard, _OUTCOMES):
            return Turn(state)  # of something that the person has left
        turn = scene.turn(led_by(scene.say(NOT_UNDERSTOOD), DIALOGUES[state.dialogue].ask(scene)))
    return _finished(scene, heard, turn)


def _as_meant(scene: Scene, said: Said) -> Input:
    """Return the button or command that a text stands for, or the text."""
    text = said.text.strip()
    word = text.removeprefix("/").split("@")[0].split()[:1]
    name = COMMANDS.get(word[0].casefold()) if word else None
    if name is not None and (text.startswith("/") or text.casefold() in _WORDS):
        return Pressed(f"go:{name}" if word[0].casefold() not in ("batal", "cancel") else "drop")
    buttons = [b for row in _shown(scene).buttons for b in row]
    if text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= len(buttons):
        return Pressed(buttons[int(text) - 1].value)
    wanted = text.casefold()
    return next((Pressed(b.value) for b in buttons if b.label.casefold() == wanted), said)


def _shown(scene: Scene) -> Reply:
    return _with_ways_out(scene.state, DIALOGUES[scene.state.dialogue].ask(scene))


def _everywhere(scene: Scene, heard: Input) -> Turn | None:
    """What means the same wherever the conversation stands."""
    if isinstance(heard, Pressed):
        return _pressed(scene, heard.value)
    if isinstance(heard, FileNotTaken):
        return scene.turn(Reply(scene.say(FILES_REFUSED.get(heard.why, FILES_REFUSED["kind"]))))
    if isinstance(heard, Taken):
        return _taken(scene, heard)
    return None


def _pressed(scene: Scene, value: str) -> Turn | None:
    if value == "back" and scene.state.before:
        before = scene.state.before
        after = Scene(replace(before[-1], before=before[:-1], language=scene.state.language), scene.room)
        return after.turn(DIALOGUES[after.state.dialogue].ask(after))
    if value == "drop":
        after = opened(scene, "menu")
        return after.turn(led_by(scene.say(DROPPED), DIALOGUES["menu"].ask(after)))
    word, _, name = value.partition(":")
    if word == "lang" and name in BY_TAG:
        return _in_language(scene, name)
    if word != "go" or name not in DIALOGUES:
        return None
    return begun_with(scene, name)


def _in_language(scene: Scene, tag: str) -> Turn:
    """Go on where the conversation was before somebody looked for another language."""
    before = scene.state.before
    there = before[-1] if before else State(warned=scene.state.warned)
    after = Scene(replace(there, language=tag, before=before[:-1]), scene.room)
    return after.turn(led_by(language_words(after), DIALOGUES[after.state.dialogue].ask(after)))


def _taken(scene: Scene, taken: Taken) -> Turn:
    """Show the receipt code wherever the conversation is by now; a report is over with it."""
    held = scene.held
    is_over = isinstance(held, Draft) and held.step == "sending"
    lines = [f"{scene.say(SAVED)}.", scene.say(KEPT_BY[taken.kept_by])]
    if taken.receipt is None:
        lines.append(scene.say(NO_CODE))
    else:
        lines += [f"{scene.say(CODE)}: {spaced_receipt_code(taken.receipt)}", scene.say(KEEP_CODE)]
    staffed = scene.room.staffed(scene.state.language)
    if staffed:
        lines.append(staffed)
    if is_over and held.is_urgent:
        lines += ["", numbers_text(scene)]
    code = Reply("\n".join(lines), holds_code=taken.receipt is not None)
    if not is_over:
        return scene.turn(code)
    after = opened(scene, "menu")
    return after.turn(code, DIALOGUES["menu"].ask(after))


def _finished(scene: Scene, heard: Input, turn: Turn) -> Turn:
    """Add the way back, the way out and, once, what Telegram can see."""
    before, after = scene.state, turn.state
    if not _moves_back(heard):
        after = replace(after, before=_steps_back(before, after, heard, bool(turn.wishes)))
    replies = turn.replies
    if replies:
        replies = (*replies[:-1], _with_ways_out(after, replies[-1]))
    if replies and not before.warned:
        after = replace(after, warned=True)
        replies = (Reply(Scene(after, scene.room).say(WARNING)), *replies)
    return Turn(after, replies, turn.wishes)


def _moves_back(heard: Input) -> bool:
    return isinstance(heard, Pressed) and (heard.value == "back" or heard.value.startswith("lang:"))


def _steps_back(before: State, after: State, heard: Input, wished: bool) -> tuple[State, ...]:
    if after.dialogue == "menu" and after.held is None:
        return ()
    if wished or isinstance(heard, _OUTCOMES):
        return ()  # what was sent cannot be taken back by a step
    if before.dialogue == after.dialogue and before.held == after.held:
        return before.before
    return (*before.before, replace(before, before=()))[-MOST_BACK:]


def _with_ways_out(state: State, reply: Reply) -> Reply:
    if state.dialogue == "menu" and state.held is None:
        return reply
    ways = [Button("back", say(state.language, BACK))] if state.before else []
    ways.append(Button("drop", say(state.language, MENU)))
    return replace(reply, buttons=(*reply.buttons, tuple(ways)))
