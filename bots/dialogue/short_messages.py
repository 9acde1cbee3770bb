"""Talk over SMS: each message is whole, begins with a keyword or is a report, and is answered once.

Nothing is asked back that costs somebody a message. What is not understood is answered with one help text,
the same again with nothing: two machines that answer each other fall silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bots.dialogue.ages import age_in_words, wait_in_words
from bots.dialogue.contract import (
    Add,
    Answered,
    Ask,
    Done,
    Input,
    KeptBy,
    LookUp,
    NotTaken,
    PassOn,
    Reply,
    Room,
    Said,
    Seems,
    Shown,
    State,
    Submit,
    Subscribe,
    Taken,
    Turn,
    Withdraw,
)
from bots.dialogue.drafts import begun, report_of
from bots.dialogue.emergency import NO_WORDS
from bots.dialogue.emergency_numbers import first_number
from bots.dialogue.receipt import CARD_DAMAGED, REPORT_AGAIN, STEP_TEXTS, UNKNOWN
from bots.dialogue.scene import MOST_TEXT, Scene, clean
from bots.dialogue.shortening import MOST_SEPTETS, cut, folded, pieces, septets
from bots.dialogue.sms_places import found_place
from bots.dialogue.sms_subscribing import WHICH_AREA, done_text, wanted_area
from bots.sms.keywords import split_keyword
from bots.texts import BY_TAG, N_, say
from sync.identifiers import spaced_receipt_code
from sync.records import TEXT_LIMITS
from sync.wire.followups import ADDITION_MAX_CHARACTERS
from sync.wire.numbers import WithdrawalReason

NAME = "sms"
VILLAGE_BOX = N_("kotak desa")
HUB_BOX = N_("hub")
SAVED = N_(
    "Tersimpan di %(box)s. Nomor: %(code)s. Simpan nomornya, hapus SMS ini. Kabar: kirim CEK dan nomor itu."
)
SAVED_URGENT = N_(
    "Mendesak, tersimpan di %(box)s. Nomor: %(code)s. Petugas tidak langsung datang. "
    "Bahaya? Telepon %(phone)s."
)
SAVED_BEFORE = N_("Laporan itu SUDAH tersimpan. Nomornya tidak bisa ditunjukkan lagi. Jangan kirim lagi.")
NOT_SAVED = N_("Laporan TIDAK tersimpan. Coba lagi nanti, lebih pendek. Bahaya sekarang? Telepon %(phone)s.")
FULL = N_("Laporan TIDAK tersimpan: kotak penuh. Coba lagi nanti. Bahaya sekarang? Telepon %(phone)s.")
AWAY = N_(
    "BELUM tersimpan: kotak tidak bisa dihubungi. Kirim lagi nanti. Bahaya sekarang? Telepon %(phone)s."
)
HELP = N_(
    "LAPOR cerita = lapor. BAHAYA cerita = mendesak. CEK nomor. TAMBAH nomor tulisan. TANYA pertanyaan. "
    "Bahaya sekarang? Telepon %(phone)s."
)
CODE_SHAPE = N_("Tulis CEK lalu 16 angka. Contoh: CEK 1234567890123456.")
UNKNOWN_CODE = N_("Nomor tidak ditemukan. Periksa 16 angkanya satu per satu, lalu kirim lagi.")
WAIT = N_("Terlalu banyak nomor salah. Tunggu %(wait)s, lalu coba lagi.")
NO_ANSWER = N_("Belum ada jawaban.")
ANSWER = N_("Jawaban dari petugas")
QUESTION = N_("Pertanyaan dari petugas")
MORE = N_("%(n)s/%(of)s, lanjut: CEK nomor %(next)s")
ADD_HOW = N_("Tulis TAMBAH, 16 angka, lalu tambahan Anda, paling banyak %(most)s huruf.")
ADDED = N_("Tambahan Anda sudah tersimpan")
WITHDRAWN = N_("Penarikan Anda sudah tersimpan")
NOT_ADDED = N_("Tidak tersimpan. Mungkin sudah terlalu banyak tambahan. Kirim LAPOR untuk laporan baru.")
ASK_HOW = N_("Tulis TANYA lalu pertanyaan Anda. Contoh: TANYA berapa biaya paspor?")
NOT_KNOWN = N_(
    "Belum ada jawabannya di bahan kami. Kirim YA untuk meneruskan pertanyaan ini ke petugas tanpa nama."
)
PASSED_ON = N_("Pertanyaan diteruskan ke petugas tanpa nama.")
NOT_PASSED = N_(
    "Pertanyaan tidak bisa diteruskan dari sini. Ada yang mencurigakan? Kirim LAPOR dan cerita Anda."
)
NO_SUBSCRIPTION = N_("Nomor ini tidak mengirim pengumuman.")
PRIVACY = N_(
    "SMS bisa dibaca operator dan orang yang memegang HP Anda. Nomor Anda tidak ikut di laporan. "
    "Hapus SMS sesudah dibaca."
)
ASKED_BACK = N_(
    "SMS Anda terbaca seperti balasan otomatis atau iklan. Belum disimpan. Anda sendiri yang menulis? "
    "Kirim YA, maka itu menjadi laporan."
)
DOUBTFUL = "Mungkin SMS otomatis, bukan tulisan orang:"
"""Before the story of such a report; staff read Indonesian, so it is not translated."""
LANGUAGES_ARE = N_("Tulis BAHASA lalu satu kode: %(codes)s.")
LANGUAGE_IS = N_("Bahasa percakapan ini:")
KEYWORDS: Mapping[str, tuple[str, str]] = {
    "lapor": ("report", ""),
    "laporan": ("report", ""),
    "report": ("report", "en"),
    "bahaya": ("urgent", ""),
    "darurat": ("urgent", ""),
    "tolong": ("urgent", ""),
    "danger": ("urgent", "en"),
    "sos": ("urgent", ""),
    "cek": ("look", ""),
    "check": ("look", "en"),
    "tambah": ("add", ""),
    "add": ("add", "en"),
    "tarik": ("withdraw", ""),
    "withdraw": ("withdraw", "en"),
    "tanya": ("ask", ""),
    "ask": ("ask", "en"),
    "ya": ("yes", ""),
    "yes": ("yes", "en"),
    "stop": ("stop", ""),
    "berhenti": ("stop", ""),
    "unsubscribe": ("stop", "en"),
    "mulai": ("start", ""),
    "langganan": ("start", ""),
    "berlangganan": ("start", ""),
    "subscribe": ("start", "en"),
    "start": ("start", "en"),
    "bantuan": ("help", ""),
    "help": ("help", "en"),
    "info": ("help", ""),
    "privasi": ("privacy", ""),
    "privacy": ("privacy", "en"),
    "bahasa": ("language", ""),
    "language": ("language", "en"),
}
"""First word of a message -> what it wishes, and the language that it shows, if it shows one."""
A_STORY_WORDS = 4
"""A message without keyword of so many words is a report; a shorter one is answered with help."""
_CODE = re.compile(r"\s*((?:[0-9][\s.\-]?){15}[0-9])(?![0-9])[\s:,.\-]*")


@dataclass(frozen=True, repr=False)
class Messages:
    """What is known of a conversation over SMS while it is open."""

    last: str = ""
    """What was said last, so that a machine that repeats itself is not answered."""
    code: str = ""
    """Of the report that this conversation made: more text without keyword is added to it."""
    question: str = ""
    wished: str = ""
    """What was wished last: a wish of `KEYWORDS`, or `unknown` and `pass` of a question."""
    part: int = 1
    helped: bool = False
    area: str = ""
    """Of which bulletins are wanted."""
    doubted: str = ""
    """What was asked back; the next thing that is told brings it along."""


def talk(state: State, heard: Input, room: Room) -> Turn:
    """Return what comes of one message or of one outcome."""
    held = state.held if state.dialogue == NAME and isinstance(state.held, Messages) else Messages()
    scene = Scene(replace(state, dialogue=NAME, held=held), room)
    if isinstance(heard, Said):
        return _heard(scene, held, clean(heard.text[:MOST_TEXT]), heard.seems)
    if isinstance(heard, Taken):
        return _taken(scene, held, heard)
    if isinstance(heard, NotTaken):
        return _not_taken(scene, held, heard)
    if isinstance(heard, Shown):
        return _replied(scene, held, _shown_part(scene, held, heard))
    if isinstance(heard, Answered):
        return _answered(scene, held, heard)
    if isinstance(heard, Done) and held.wished in ("start", "stop"):
        return _replied(scene, replace(held, wished=""), done_text(scene, held.wished, held.area))
    if isinstance(heard, Done) and held.wished in _DONE:
        return _replied(scene, replace(held, wished=""), f"{scene.say(_DONE[held.wished]).rstrip('.')}.")
    return scene.turn()


def _heard(scene: Scene, held: Messages, text: str, seems: Seems) -> Turn:
    if not text:
        return scene.turn()
    is_repeated = text == held.last
    held = replace(held, last=text)
    split = split_keyword(text, KEYWORDS)
    rest = split.rest
    wish, language = KEYWORDS[split.keyword.casefold()] if split.keyword else ("", "")
    if language:
        scene = Scene(replace(scene.state, language=language), scene.room)
    if wish in ("report", "urgent") and is_repeated and held.code:
        return _saved(scene, held, held.code, scene.room.kept_by, wish == "urgent")
    if wish and not _is_story(held, wish, rest):
        return _WISHES[wish](scene, held, rest.strip())
    if is_repeated:
        return scene.turn()
    if _CODE.fullmatch(text):
        return _look(scene, held, text)
    if len(text.split()) < A_STORY_WORDS:
        if held.helped:
            return scene.holding(held).turn()
        return _help(scene, held, "")
    return _free(scene, held, text, seems)


def _free(scene: Scene, held: Messages, text: str, seems: Seems) -> Turn:
    """Return what comes of a text that is told without a keyword."""
    if seems is Seems.MACHINE:
        return _replied(scene, replace(held, doubted=text), scene.say(ASKED_BACK))
    if seems is Seems.DOUBTFUL:
        held, text = _with_doubted(held, text)
        text = f"{DOUBTFUL} {text}"
    if held.code:
        return _added(scene, held, held.code, text)
    return _report(scene, held, text)


def _is_story(held: Messages, wish: str, rest: str) -> bool:
    """Whether a keyword only happens to begin a story, as in "info ada orang mau berangkat"."""
    if wish in ("report", "urgent", "ask") or (wish == "add" and held.code):
        return False
    return len(rest.split()) >= A_STORY_WORDS - 1 and _code_and_rest(rest)[0] is None


def _report(scene: Scene, held: Messages, text: str, *, urgent: bool = False) -> Turn:
    held, text = _with_doubted(held, text)
    if not text:
        if not urgent:
            return _help(scene, held, "")
        text = NO_WORDS
    draft = begun(scene.room, kind="victim" if urgent else "other")
    if urgent:
        draft = draft.with_answer("urgency", "now")
    place, spot = found_place(scene.room, text)
    draft = draft.with_answer("place", place or None)
    if spot:
        draft = draft.with_answer("place_text", spot)
    draft = draft.with_answer("narrative", text[: TEXT_LIMITS["narrative"]])
    report = report_of(draft, scene.room.channel)
    after = scene.holding(replace(held, wished="urgent" if urgent else "report"))
    return after.turn(wishes=(Submit(report, (), draft.token),))


def _with_doubted(held: Messages, text: str) -> tuple[Messages, str]:
    """Return a text with what was asked back before it: whoever goes on writing wrote that too."""
    return replace(held, doubted=""), "\n".join(part for part in (held.doubted, text) if part)


def _urgent(scene: Scene, held: Messages, text: str) -> Turn:
    return _report(scene, held, text, urgent=True)


def _look(scene: Scene, held: Messages, text: str) -> Turn:
    code, rest = _code_and_rest(text)
    if code is None:
        return _replied(scene, held, scene.say(CODE_SHAPE))
    part = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) <= 2 else 1
    after = scene.holding(replace(held, wished="look", part=max(1, part)))
    return after.turn(wishes=(LookUp(code),))


def _code_and_rest(text: str) -> tuple[str | None, str]:
    match = _CODE.match(text)
    if match is None:
        return None, text
    return re.sub("[^0-9]", "", match[1]), text[match.end() :].strip()


def _add(scene: Scene, held: Messages, text: str) -> Turn:
    code, rest = _code_and_rest(text)
    if code is None and held.code:
        code, rest = held.code, text
    if code is None or not rest or len(rest) > ADDITION_MAX_CHARACTERS:
        return _replied(scene, held, scene.say(ADD_HOW, most=ADDITION_MAX_CHARACTERS))
    return _added(scene, held, code, rest)


def _added(scene: Scene, held: Messages, code: str, text: str) -> Turn:
    held, text = _with_doubted(held, text)
    after = scene.holding(replace(held, wished="add"))
    wish = Add(code, text[:ADDITION_MAX_CHARACTERS], False, scene.room.token())
    return after.turn(wishes=(wish,))


def _withdraw(scene: Scene, held: Messages, text: str) -> Turn:
    code, _ = _code_and_rest(text)
    if code is None:
        return _replied(scene, held, scene.say(CODE_SHAPE).replace("CEK", "TARIK"))
    after = scene.holding(replace(held, wished="withdraw", code=""))
    return after.turn(wishes=(Withdraw(code, int(WithdrawalReason.NOT_SAID), scene.room.token()),))


def _ask(scene: Scene, held: Messages, text: str) -> Turn:
    question = " ".join(text.split())[:300]
    if not question:
        return _replied(scene, held, scene.say(ASK_HOW))
    after = scene.holding(replace(held, wished="ask", question=question))
    return after.turn(wishes=(Ask(question, scene.state.language),))


def _yes(scene: Scene, held: Messages, text: str) -> Turn:
    if held.doubted:
        return _added(scene, held, held.code, "") if held.code else _report(scene, held, "")
    if not held.question or held.wished != "unknown":
        return _help(scene, held, "")
    after = scene.holding(replace(held, wished="pass"))
    return after.turn(wishes=(PassOn(held.question, scene.state.language, scene.room.token()),))


def _subscribe(scene: Scene, held: Messages, text: str) -> Turn:
    if not scene.room.subscribes:
        return _help(scene, held, "")
    area = wanted_area(scene.room, text)
    if area is None:
        return _replied(scene, held, scene.say(WHICH_AREA))
    wish = Subscribe(True, area, scene.state.language, scene.room.token())
    return scene.holding(replace(held, wished="start", area=area)).turn(wishes=(wish,))


def _stop(scene: Scene, held: Messages, text: str) -> Turn:
    if not scene.room.subscribes:
        return _replied(scene, held, scene.say(NO_SUBSCRIPTION))
    wish = Subscribe(False, language=scene.state.language, token=scene.room.token())
    return scene.holding(replace(held, wished="stop", area="")).turn(wishes=(wish,))


def _help(scene: Scene, held: Messages, text: str) -> Turn:
    return _replied(scene, replace(held, helped=True), scene.say(HELP, phone=first_number(scene)))


def _privacy(scene: Scene, held: Messages, text: str) -> Turn:
    return _replied(scene, held, scene.say(PRIVACY))


def _language(scene: Scene, held: Messages, text: str) -> Turn:
    wanted = text.casefold()
    for tag, language in BY_TAG.items():
        if wanted and wanted in (tag, language.name.casefold(), folded(language.name).casefold()):
            after = Scene(replace(scene.state, language=tag), scene.room)
            return _replied(after, held, f"{after.say(LANGUAGE_IS)} {language.name}.")
    return _replied(scene, held, scene.say(LANGUAGES_ARE, codes=", ".join(BY_TAG)))


_WISHES: Mapping[str, Callable[[Scene, Messages, str], Turn]] = {
    "report": _report,
    "urgent": _urgent,
    "look": _look,
    "add": _add,
    "withdraw": _withdraw,
    "ask": _ask,
    "yes": _yes,
    "start": _subscribe,
    "stop": _stop,
    "help": _help,
    "privacy": _privacy,
    "language": _language,
}
_DONE: Mapping[str, str] = {
    "add": ADDED,
    "withdraw": WITHDRAWN,
    "pass": PASSED_ON,
}
"""What was wished -> what is said when it is done."""


def _taken(scene: Scene, held: Messages, taken: Taken) -> Turn:
    if taken.receipt is None:
        return _replied(scene, replace(held, wished=""), scene.say(SAVED_BEFORE))
    return _saved(scene, held, taken.receipt, taken.kept_by, held.wished == "urgent")


def _saved(scene: Scene, held: Messages, code: str, kept_by: KeptBy, is_urgent: bool) -> Turn:
    text = scene.say(
        SAVED_URGENT if is_urgent else SAVED,
        box=scene.say(VILLAGE_BOX if kept_by is KeptBy.VILLAGE else HUB_BOX),
        code=spaced_receipt_code(code),
        phone=first_number(scene),
    )
    return _replied(scene, replace(held, wished="", code=code), text, holds_code=True)


def _not_taken(scene: Scene, held: Messages, why: NotTaken) -> Turn:
    phone = first_number(scene)
    if why.why == "wait":
        text = scene.say(WAIT, wait=wait_in_words(scene.state.language, why.wait_s))
    elif why.why == "unknown":
        text = scene.say(UNKNOWN_CODE)
    elif why.why == "lost":
        text = " ".join((f"{scene.say(UNKNOWN)}.", scene.say(CARD_DAMAGED), scene.say(REPORT_AGAIN)))
    elif why.why == "away":
        text = scene.say(AWAY, phone=phone)
    elif why.why == "full":
        text = scene.say(FULL, phone=phone)
    elif held.wished in ("ask", "pass"):
        text = scene.say(NOT_PASSED)
    elif held.wished in ("add", "withdraw"):
        text = scene.say(NOT_ADDED)
    elif held.wished in ("start", "stop"):
        text = scene.say(NO_SUBSCRIPTION)
    else:
        text = scene.say(NOT_SAVED, phone=phone)
    return _replied(scene, replace(held, wished=""), text)


def _shown_part(scene: Scene, held: Messages, shown: Shown) -> str:
    """Return what a code shows, or that part of it that was asked for, where it takes several messages."""
    language = scene.state.language
    reached = [step for step in shown.ladder if step.reached]
    words = []
    if reached:
        last = reached[-1]
        step = say(language, STEP_TEXTS.get(last.name, last.name))
        age = "" if last.age_s is None else f", {age_in_words(language, last.age_s)}"
        words.append(f"{step}{age}.")
    for text, asks in reversed(shown.answers):
        words.append(f"{scene.say(QUESTION if asks else ANSWER)}: {text}")
    if not shown.answers:
        words.append(scene.say(NO_ANSWER))
    whole = folded(" ".join(" ".join(words).split()))
    if septets(whole) <= MOST_SEPTETS:
        return whole
    longest = folded(scene.say(MORE, n=99, of=99, next=99))
    parts = pieces(whole, MOST_SEPTETS - septets(longest) - 3)[:99]
    part = min(held.part, len(parts))
    if part == len(parts):
        return f"{parts[-1]} ({part}/{len(parts)})"
    return f"{parts[part - 1]} ({folded(scene.say(MORE, n=part, of=len(parts), next=part + 1))})"


def _answered(scene: Scene, held: Messages, answer: Answered) -> Turn:
    if answer.title is None:
        return _replied(scene, replace(held, wished="unknown"), scene.say(NOT_KNOWN))
    source = cut(f"{answer.source}, {answer.dated}" if answer.dated else answer.source, 48)
    text = cut(answer.text, MOST_SEPTETS - septets(source) - 3)
    return _replied(scene, replace(held, wished="", question=""), f"{text} ({source})" if source else text)


def _replied(scene: Scene, held: Messages, text: str, *, holds_code: bool = False) -> Turn:
    return scene.holding(held).turn(Reply(cut(text), holds_code=holds_code))
