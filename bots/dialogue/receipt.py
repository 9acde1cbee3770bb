"""What a receipt code shows, and more under it: an addition, a reply to a question, a withdrawal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bots.dialogue.ages import age_in_words, wait_in_words
from bots.dialogue.contract import (
    Add,
    Done,
    Input,
    LookUp,
    NotTaken,
    Pressed,
    Reply,
    Said,
    SentFile,
    Shown,
    Step,
    Turn,
    Withdraw,
)
from bots.dialogue.report import AWAY, FILE_HELD, FULL, NO_MORE_FILES, RETRY, SEND, TOO_LONG
from bots.dialogue.scene import Rows, Scene, clean, led_by, rows
from bots.texts import N_
from content.report_choices import YES_NO_CHOICES
from sync.identifiers import receipt_code_digits
from sync.wire.attachments import MAX_ATTACHMENTS
from sync.wire.followups import ADDITION_MAX_CHARACTERS
from sync.wire.numbers import WithdrawalReason

NAME = "receipt"
STEP_TEXTS: Mapping[str, str] = {
    "saved": N_("Tersimpan di kotak ini"),
    "on_its_way": N_("Dalam perjalanan ke petugas"),
    "received": N_("Sampai di kantor petugas"),
    "read": N_("Dibaca petugas"),
    "acted_on": N_("Ditindaklanjuti petugas"),
}
REASONS = (
    (WithdrawalReason.NOT_SAID, N_("Tidak mau menjawab")),
    (WithdrawalReason.MISTAKE, N_("Salah atau keliru kirim")),
    (WithdrawalReason.FEAR, N_("Saya takut, atau diancam")),
    (WithdrawalReason.SETTLED, N_("Masalahnya sudah selesai")),
    (WithdrawalReason.OTHER, N_("Alasan lain")),
)
ASK_CODE = N_("Nomor tanda terima")
SHAPE = N_("Tulis 16 angka. Contoh: 1234 5678 9012 3456.")
WRONG_SHAPE = N_("Nomor tidak lengkap")
UNKNOWN = N_("Nomor tidak ditemukan")
CHECK_DIGITS = N_("Mungkin ada angka yang salah ketik. Periksa satu per satu.")
NOT_HERE = N_("Nomor tidak bisa dicek lagi di kotak ini")
CARD_DAMAGED = N_("Kartu kotak ini pernah rusak. Sebagian catatan hilang.")
MAY_BE_LOST = N_(
    "Kalau nomor Anda benar, laporan Anda mungkin ikut hilang, mungkin juga sudah sampai di petugas."
)
REPORT_AGAIN = N_("Lapor sekali lagi, dan tulis bahwa Anda sudah pernah lapor.")
TOO_MANY = N_("Terlalu banyak nomor salah")
WAIT = N_("Tunggu %(wait)s, lalu coba lagi.")
HOW_FAR = N_("Sampai mana laporan Anda")
NOT_YET = N_("Belum")
NO_ANSWER = N_("Belum ada. Jawaban bisa perlu beberapa hari. Cek lagi lain hari.")
ANSWER = N_("Jawaban dari petugas")
QUESTION = N_("Pertanyaan dari petugas")
ADD = N_("Tambah keterangan")
REPLY = N_("Jawab pertanyaan ini")
WITHDRAW = N_("Tarik laporan ini")
WITHDRAW_ASK = N_("Tarik laporan ini?")
WHY = N_("Kenapa? Boleh tidak dijawab.")
LOOK_AGAIN = N_("Lihat status")
ADD_ASK = N_("Tulis tambahan Anda. Foto atau suara juga bisa dikirim.")
URGENT_ASK = N_("Apakah ada bahaya sekarang?")
ADDED = N_("Tambahan Anda sudah tersimpan")
WITHDRAWN = N_("Penarikan Anda sudah tersimpan")
NOT_KEPT = N_("Belum tersimpan. Mungkin sudah terlalu banyak tambahan untuk laporan ini. Buat laporan baru.")
LOOKING = N_("Sebentar, sedang dicari.")
_REASONS = {str(int(reason)): reason for reason, _ in REASONS}
CODE, SHOWN, ADDING, URGENT, REASON, WAITING = "code", "shown", "adding", "urgent", "reason", "waiting"


@dataclass(frozen=True, repr=False)
class Receipt:
    """The code that was typed, and what is done under it."""

    step: str = CODE
    code: str = ""
    text: str = ""
    token: str = ""
    files: tuple[int, ...] = ()
    """Photos and sounds of the addition, as the rim holds them."""
    wished: LookUp | Add | Withdraw | None = None
    asks: bool = False
    """Whether the hub asked something."""


class ReceiptDialogue:
    """Asks for a code and shows what it shows."""

    def ask(self, scene: Scene) -> Reply:
        """Return the open question."""
        held: Receipt = scene.held
        if held.step == ADDING:
            done = ((scene.button("send", SEND),),) if held.files else ()
            return Reply(scene.say(ADD_ASK), done)
        if held.step == URGENT:
            buttons = [scene.button(f"v:{c.value}", c.label) for c in YES_NO_CHOICES if c.value]
            return Reply(scene.say(URGENT_ASK), (tuple(buttons),))
        if held.step == REASON:
            buttons = [scene.button(f"why:{int(reason)}", text) for reason, text in REASONS]
            return Reply(f"{scene.say(WITHDRAW_ASK)}\n{scene.say(WHY)}", rows(buttons))
        if held.step == SHOWN:
            return Reply(scene.say(HOW_FAR), self._more(scene, held))
        if held.step == WAITING:
            return Reply(scene.say(LOOKING), ((scene.button("retry", RETRY),),))
        return Reply(f"{scene.say(ASK_CODE)}\n{scene.say(SHAPE)}")

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return what comes of an answer."""
        held: Receipt = scene.held
        if isinstance(heard, Shown):
            return self._shown(scene, held, heard)
        if isinstance(heard, Done):
            return self._done(scene, held)
        if isinstance(heard, NotTaken):
            return self._not_taken(scene, held, heard)
        if isinstance(heard, Pressed):
            return self._pressed(scene, held, heard.value)
        if isinstance(heard, Said):
            return self._said(scene, held, heard.text)
        if isinstance(heard, SentFile) and held.step in (SHOWN, ADDING, URGENT):
            return self._with_file(scene, held, heard.handle)
        return None

    def _with_file(self, scene: Scene, held: Receipt, handle: int) -> Turn:
        if len(held.files) >= MAX_ATTACHMENTS:
            return self._asked(scene, held, scene.say(NO_MORE_FILES))
        step = ADDING if held.step == SHOWN else held.step
        return self._asked(scene, replace(held, step=step, files=(*held.files, handle)), scene.say(FILE_HELD))

    def look_up(self, scene: Scene, typed: str) -> Turn:
        """Return the wish to look a code up, or what is wrong with what was typed."""
        code = receipt_code_digits(typed)
        if code is None:
            return self._asked(scene, Receipt(), scene.say(WRONG_SHAPE))
        return self._wish(scene, Receipt(WAITING, code, wished=LookUp(code)))

    def _wish(self, scene: Scene, held: Receipt) -> Turn:
        return scene.holding(held).turn(wishes=() if held.wished is None else (held.wished,))

    def _said(self, scene: Scene, held: Receipt, text: str) -> Turn | None:
        if held.step == CODE or (held.step == SHOWN and receipt_code_digits(text) is not None):
            return self.look_up(scene, text)
        if held.step in (ADDING, SHOWN):
            added = clean(text)
            if not added:
                return None
            if len(added) > ADDITION_MAX_CHARACTERS:
                said = scene.say(TOO_LONG, length=len(added), most=ADDITION_MAX_CHARACTERS)
                return self._asked(scene, replace(held, step=ADDING), said)
            return self._asked(scene, replace(held, step=URGENT, text=added, token=scene.room.token()))
        return None

    def _pressed(self, scene: Scene, held: Receipt, value: str) -> Turn | None:
        if held.step == WAITING:
            return self._wish(scene, held) if value == "retry" else None
        if held.step == SHOWN:
            return self._picked(scene, held, value)
        if held.step == URGENT and value in ("v:yes", "v:no"):
            add = Add(held.code, held.text, value == "v:yes", held.token, held.files)
            return self._wish(scene, replace(held, step=WAITING, wished=add))
        if held.step == ADDING and value == "send" and held.files:
            return self._asked(scene, replace(held, step=URGENT, text="", token=scene.room.token()))
        word, _, number = value.partition(":")
        if held.step == REASON and word == "why" and number in _REASONS:
            wish = Withdraw(held.code, int(_REASONS[number]), held.token)
            return self._wish(scene, replace(held, step=WAITING, wished=wish))
        return None

    def _picked(self, scene: Scene, held: Receipt, value: str) -> Turn | None:
        if value == "again":
            return self._wish(scene, replace(held, step=WAITING, wished=LookUp(held.code)))
        if value == "add":
            return self._asked(scene, replace(held, step=ADDING))
        if value == "withdraw":
            return self._asked(scene, replace(held, step=REASON, token=scene.room.token()))
        return None

    def _more(self, scene: Scene, held: Receipt) -> Rows:
        return rows(
            [
                scene.button("add", REPLY if held.asks else ADD),
                scene.button("again", LOOK_AGAIN),
                scene.button("withdraw", WITHDRAW),
            ]
        )

    def _shown(self, scene: Scene, held: Receipt, shown: Shown) -> Turn | None:
        if held.step != WAITING:
            return None
        asks = bool(shown.answers) and shown.answers[-1][1]
        after = scene.holding(Receipt(SHOWN, held.code, asks=asks))
        lines = [scene.say(HOW_FAR), *(step_line(scene, step) for step in shown.ladder), ""]
        for text, is_question in shown.answers:
            lines += [f"{scene.say(QUESTION if is_question else ANSWER)}:", text, ""]
        if not shown.answers:
            lines.append(scene.say(NO_ANSWER))
        staffed = scene.room.staffed(scene.state.language)
        if staffed:
            lines.append(staffed)
        return after.turn(Reply("\n".join(lines).strip(), self._more(after, after.held)))

    def _done(self, scene: Scene, held: Receipt) -> Turn | None:
        if held.step != WAITING or not isinstance(held.wished, Add | Withdraw):
            return None
        said = ADDED if isinstance(held.wished, Add) else WITHDRAWN
        return self._asked(scene, Receipt(SHOWN, held.code), f"{scene.say(said)}.")

    def _not_taken(self, scene: Scene, held: Receipt, why: NotTaken) -> Turn | None:
        if held.step != WAITING:
            return None
        if why.why == "unknown":
            return self._asked(scene, Receipt(), f"{scene.say(UNKNOWN)}. {scene.say(CHECK_DIGITS)}")
        if why.why == "lost":
            said = " ".join(scene.say(text) for text in (CARD_DAMAGED, MAY_BE_LOST, REPORT_AGAIN))
            return self._asked(scene, Receipt(), f"{scene.say(NOT_HERE)}. {said}")
        if why.why == "wait":
            wait = scene.say(WAIT, wait=wait_in_words(scene.state.language, why.wait_s))
            return self._asked(scene, Receipt(), f"{scene.say(TOO_MANY)}. {wait}")
        if why.why == "refused":
            return self._asked(scene, Receipt(SHOWN, held.code), scene.say(NOT_KEPT))
        lead = scene.say(FULL if why.why == "full" else AWAY)
        return scene.turn(Reply(lead, ((scene.button("retry", RETRY),),)))

    def _asked(self, scene: Scene, held: Receipt, lead: str = "") -> Turn:
        after = scene.holding(held)
        return after.turn(led_by(lead, self.ask(after)))


def step_line(scene: Scene, step: Step) -> str:
    """Return one step of the ladder in words, with its age."""
    text = scene.say(STEP_TEXTS[step.name]) if step.name in STEP_TEXTS else step.name
    if not step.reached:
        return f"– {text}: {scene.say(NOT_YET)}"
    age = "" if step.age_s is None else f", {age_in_words(scene.state.language, step.age_s)}"
    return f"✓ {text}{age}"
