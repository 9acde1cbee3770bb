"""A place picked from the list of areas: level by level, by its name, or the village of the bot itself."""

from __future__ import annotations

from dataclasses import replace

from bots.dialogue.contract import Button, Reply, Room
from bots.dialogue.drafts import Draft
from bots.dialogue.scene import Scene, one_line, rows
from bots.texts import N_
from sync.records import TEXT_LIMITS

A_PAGE = 12
FOUND = 8
LIST = N_("Pilih dari daftar, mulai dari provinsi")
WHERE = N_("Di mana kejadiannya?")
HOW = N_("Pilih dari daftar, atau ketik nama desa, kecamatan atau kabupaten.")
NOT_FOUND = N_("Nama itu tidak ada di daftar. Ketik lagi, pilih dari daftar, atau pakai tulisan Anda.")
FOUND_THESE = N_("Nama yang mirip:")
MINE = N_("Pakai tulisan saya")
ROUGHLY = N_("Di %(area)s, tidak tahu lebih tepat")
SKIP = N_("Lewati")
MORE = N_("Berikutnya")
BEFORE = N_("Sebelumnya")


def spoken(room: Room, code: str) -> str | None:
    """Return the name of an area as it is spoken, None for an unknown code."""
    name = room.names.name_of(code)
    if name is None:
        return None
    return name.title() if name.isupper() else name


def full_name(room: Room, code: str) -> str:
    """Return the name of an area with those above it."""
    parts = code.split(".")
    names = (spoken(room, ".".join(parts[:n])) for n in range(len(parts), 0, -1))
    return ", ".join(name for name in names if name)


def ask_place(scene: Scene, draft: Draft) -> Reply:
    """Return the question of the place, as far as it is answered."""
    if draft.searched:
        return _found(scene, draft)
    if draft.at:
        return _parts_of(scene, draft, "" if draft.at == "-" else draft.at)
    buttons = []
    if scene.room.village:
        name = spoken(scene.room, scene.room.village)
        if name is not None:
            buttons.append(Button(f"place:{scene.room.village}", name))
        district = scene.room.village.rpartition(".")[0]
        if district:
            buttons.append(Button(f"in:{district}", full_name(scene.room, district)))
    buttons += [scene.button("in:", LIST), scene.button("v:", SKIP)]
    return Reply(f"{scene.say(WHERE)}\n{scene.say(HOW)}", rows(buttons))


def _parts_of(scene: Scene, draft: Draft, code: str) -> Reply:
    codes = scene.room.areas.children_of(code)
    shown = codes[draft.page * A_PAGE : (draft.page + 1) * A_PAGE]
    buttons = [_area(scene.room, one, spoken(scene.room, one) or one) for one in shown]
    found = list(rows(buttons, 2))
    turning = []
    if draft.page:
        turning.append(scene.button("page:-", BEFORE))
    if len(codes) > (draft.page + 1) * A_PAGE:
        turning.append(scene.button("page:+", MORE))
    if turning:
        found.append(tuple(turning))
    if code:
        found.append((scene.button(f"place:{code}", ROUGHLY, area=spoken(scene.room, code)),))
    found.append((scene.button("v:", SKIP),))
    title = full_name(scene.room, code) if code else scene.say(WHERE)
    return Reply(f"{title}\n{scene.say(HOW)}", tuple(found))


def _area(room: Room, code: str, label: str) -> Button:
    is_village = code.count(".") == 3
    return Button(f"place:{code}" if is_village else f"in:{code}", label)


def _found(scene: Scene, draft: Draft) -> Reply:
    codes = _search(scene.room, draft.searched)
    buttons = [_area(scene.room, code, full_name(scene.room, code)) for code in codes]
    buttons += [
        scene.button("mine", MINE),
        scene.button("in:", LIST),
        scene.button("v:", SKIP),
    ]
    return Reply(scene.say(FOUND_THESE if codes else NOT_FOUND), rows(buttons))


def _search(room: Room, words: str) -> list[str]:
    if words in room.areas:
        return [words]
    return room.names.search(words, near=room.village, most=FOUND)


def place_pressed(scene: Scene, draft: Draft, value: str) -> Draft | None:
    """Return the draft after a button of the place; None for one of another question."""
    word, _, rest = value.partition(":")
    if value == "v:":
        return draft.next()
    if word == "place" and rest in scene.room.areas:
        return draft.with_answer("place", rest).next()
    if word == "in" and (not rest or rest in scene.room.areas):
        return replace(draft, at=rest or "-", page=0, searched="")
    if word == "page":
        return _turned(scene, draft, 1 if rest == "+" else -1)
    if value == "mine" and draft.searched:
        kept = draft.with_answer("place", scene.room.village or None)
        return kept.with_answer("place_text", draft.searched).next()
    return None


def _turned(scene: Scene, draft: Draft, by: int) -> Draft | None:
    code = "" if draft.at == "-" else draft.at
    page = draft.page + by
    if not draft.at or not 0 <= page * A_PAGE < len(scene.room.areas.children_of(code)):
        return None
    return replace(draft, page=page)


def place_typed(draft: Draft, text: str) -> Draft:
    """Return the draft with a name to look for."""
    return replace(draft, searched=one_line(text)[: TEXT_LIMITS["place_text"]].strip(), page=0)
