"""Bulletins to this chat: what it is told of now, for which area and in which language from now on, its end.

A bot that keeps no subscriptions says where they are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bots.dialogue.contract import (
    AskSubscription,
    Button,
    Done,
    Input,
    NotTaken,
    Pressed,
    Reply,
    Subscribe,
    Subscribed,
    Turn,
)
from bots.dialogue.places import A_PAGE, BEFORE, LIST, MORE, full_name, spoken
from bots.dialogue.scene import Rows, Scene, led_by, rows
from bots.texts import N_

NAME, STOP = "subscribe", "unsubscribe"
LOOKING = N_("Sebentar, sedang dicari.")
STANDS = N_("Percakapan ini menerima pengumuman untuk %(area)s.")
STANDS_NOT = N_("Percakapan ini belum menerima pengumuman.")
WHICH = N_("Pengumuman untuk wilayah mana?")
ALL_OF = N_("Semua di %(area)s")
EVERYWHERE = N_("Semua wilayah")
CHANGE = N_("Ganti wilayah atau bahasa")
END = N_("Berhenti")
IN_WHICH = N_("Dalam bahasa apa? Pengumuman ditulis dalam bahasa Indonesia, dan kadang juga Inggris.")
WHAT_IS_KEPT = N_(
    "Pengumuman untuk %(area)s akan dikirim ke percakapan ini. Yang disimpan, di hub saja: alamat percakapan "
    "ini (terkunci), wilayah, dan bahasa. Nama Anda tidak disimpan. "
    "Berhenti kapan saja dengan /berhenti: lalu semuanya dihapus."
)
YES = N_("Ya, kirim ke sini")
BEGUN = N_("Tersimpan. Pengumuman akan dikirim ke sini. Berhenti: /berhenti.")
STOPPED = N_("Sudah berhenti. Tidak ada pengumuman lagi, dan alamat percakapan ini sudah dihapus di hub.")
NOT_NOW = N_("Hub sedang tidak bisa dihubungi. Belum ada yang berubah. Coba lagi sebentar lagi.")
REFUSED = N_("Tidak bisa. Pilih wilayah dari daftar.")
RETRY = N_("Coba lagi")
ELSEWHERE = N_("Pengumuman lewat Telegram hanya dikirim oleh bot hub: %(bot)s. Tulis /langganan di sana.")
NOWHERE = N_("Bot ini tidak mengirim pengumuman. Pengumuman ada di situs kotak desa.")
LANGUAGES = (("id", "Bahasa Indonesia"), ("en", "English"))
ASKING, AREA, LANGUAGE, CONFIRM, SENDING, STOPPING, STANDING = (
    "asking",
    "area",
    "language",
    "confirm",
    "sending",
    "stopping",
    "standing",
)


@dataclass(frozen=True)
class Picking:
    """How far it is. `at`: whose parts are listed, "-" for the provinces."""

    step: str = ASKING
    area: str = ""
    language: str = "id"
    at: str = ""
    page: int = 0


class SubscriptionDialogue:
    """Shows what this chat is told of, and changes it."""

    def begins(self, scene: Scene) -> Turn:
        """Return the wish to know what stands."""
        if not scene.room.subscribes:
            return elsewhere(scene)
        return scene.holding(Picking()).turn(wishes=(AskSubscription(),))

    def ask(self, scene: Scene) -> Reply:
        """Return the open question."""
        held: Picking = scene.held
        if held.step == STANDING:
            text = scene.say(STANDS, area=_name(scene, held.area))
            return Reply(text, rows([scene.button("change", CHANGE), scene.button("stop", END)]))
        if held.step == AREA:
            return _which(scene, held)
        if held.step == LANGUAGE:
            return Reply(scene.say(IN_WHICH), rows([Button(f"in:{tag}", name) for tag, name in LANGUAGES], 2))
        if held.step == CONFIRM:
            text = scene.say(WHAT_IS_KEPT, area=_name(scene, held.area))
            return Reply(text, ((scene.button("yes", YES),),))
        return Reply(scene.say(LOOKING), ((scene.button("retry", RETRY),),))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of a button or of what a hub says."""
        held: Picking = scene.held
        if isinstance(heard, Subscribed) and held.step == ASKING:
            if heard.area is None:
                return self._at(scene, Picking(AREA, language=scene.state.language), scene.say(STANDS_NOT))
            return self._at(scene, Picking(STANDING, heard.area, heard.language))
        if isinstance(heard, Done) and held.step in (SENDING, STOPPING):
            after = scene.to("menu")
            return after.turn(Reply(scene.say(BEGUN if held.step == SENDING else STOPPED)))
        if isinstance(heard, NotTaken) and held.step in (ASKING, SENDING, STOPPING):
            if heard.why == "refused" and held.step == SENDING:
                return self._at(scene, Picking(AREA, language=held.language), scene.say(REFUSED))
            return scene.turn(Reply(scene.say(NOT_NOW), ((scene.button("retry", RETRY),),)))
        if isinstance(heard, Pressed):
            return self._pressed(scene, held, heard.value)
        return None

    def _pressed(self, scene: Scene, held: Picking, value: str) -> Turn | None:
        word, _, rest = value.partition(":")
        if value == "change" and held.step == STANDING:
            return self._at(scene, replace(held, step=AREA))
        if value == "stop" and held.step == STANDING:
            return _wished(scene, replace(held, step=STOPPING))
        if value == "retry" and held.step in (ASKING, SENDING, STOPPING):
            return _wished(scene, held)
        if held.step == AREA and word == "area" and (not rest or rest in scene.room.areas):
            return self._at(scene, replace(held, step=LANGUAGE, area=rest, at="", page=0))
        if held.step == AREA and word == "parts" and (not rest or rest in scene.room.areas):
            return self._at(scene, replace(held, at=rest or "-", page=0))
        if held.step == AREA and word == "page":
            return self._turned(scene, held, 1 if rest == "+" else -1)
        if held.step == LANGUAGE and word == "in" and rest in dict(LANGUAGES):
            return self._at(scene, replace(held, step=CONFIRM, language=rest))
        if value == "yes" and held.step == CONFIRM:
            return _wished(scene, replace(held, step=SENDING))
        return None

    def _turned(self, scene: Scene, held: Picking, by: int) -> Turn | None:
        count = len(scene.room.areas.children_of("" if held.at == "-" else held.at))
        page = held.page + by
        if not held.at or page < 0 or page * A_PAGE >= count:
            return None
        return self._at(scene, replace(held, page=page))

    def _at(self, scene: Scene, held: Picking, lead: str = "") -> Turn:
        after = scene.holding(held)
        return after.turn(led_by(lead, self.ask(after)))


class StopDialogue(SubscriptionDialogue):
    """Stops at once, whatever was being talked about."""

    def begins(self, scene: Scene) -> Turn:
        """Return the wish to stop."""
        if not scene.room.subscribes:
            return elsewhere(scene)
        return _wished(scene, Picking(STOPPING))


def elsewhere(scene: Scene) -> Turn:
    """Say who sends bulletins, where this bot does not."""
    bot = scene.room.hub_bot
    text = scene.say(ELSEWHERE, bot=bot) if bot else scene.say(NOWHERE)
    return scene.to("menu").turn(Reply(text))


def _wished(scene: Scene, held: Picking) -> Turn:
    after = scene.holding(held)
    if held.step == ASKING:
        return after.turn(wishes=(AskSubscription(),))
    wanted = held.step == SENDING
    wish = Subscribe(wanted, held.area if wanted else "", held.language, scene.room.token())
    return after.turn(wishes=(wish,))


def _name(scene: Scene, code: str) -> str:
    return full_name(scene.room, code) if code else scene.say(EVERYWHERE)


def _which(scene: Scene, held: Picking) -> Reply:
    if not held.at:
        return Reply(scene.say(WHICH), rows([*_around(scene), scene.button("parts:", LIST)]))
    code = "" if held.at == "-" else held.at
    return Reply(full_name(scene.room, code) if code else scene.say(WHICH), _parts(scene, held, code))


def _around(scene: Scene) -> list[Button]:
    """Return the village of the bot and what it lies in, or the whole region for a bot of no village."""
    parts = scene.room.village.split(".") if scene.room.village else []
    codes = [".".join(parts[:n]) for n in range(len(parts), 0, -1)]
    found = [Button(f"area:{code}", full_name(scene.room, code)) for code in codes]
    return found or [scene.button("area:", EVERYWHERE)]


def _parts(scene: Scene, held: Picking, code: str) -> Rows:
    codes = scene.room.areas.children_of(code)
    shown = codes[held.page * A_PAGE : (held.page + 1) * A_PAGE]
    buttons = [
        Button(f"{'area' if one.count('.') == 3 else 'parts'}:{one}", spoken(scene.room, one) or one)
        for one in shown
    ]
    turning = [scene.button("page:-", BEFORE)] if held.page else []
    if len(codes) > (held.page + 1) * A_PAGE:
        turning.append(scene.button("page:+", MORE))
    found = [*rows(buttons, 2), *([tuple(turning)] if turning else [])]
    if code:
        found.append((scene.button(f"area:{code}", ALL_OF, area=spoken(scene.room, code)),))
    return tuple(found)
