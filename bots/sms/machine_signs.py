"""Whether an SMS without a keyword was written by somebody, or by a telephone or a seller's program. Pure.

No sign loses a report: what is doubtful is filed and marked, and only what bears two signs and no word that
people report with is asked back once before it is filed.
"""

from __future__ import annotations

import re
from typing import Final

from bots.dialogue.contract import Seems
from bots.sms.auto_replies import is_auto_reply
from bots.sms.one_message import plain

QUICK_S: Final = 60.0
"""A telephone answers our message so fast; people need longer for four words."""
_NO_REPLY = re.compile(
    r"\b(jangan|mohon tidak|tidak perlu|harap tidak|do[ -]?not|don'?t|no)[ -]?(di|mem|me)?(balas|reply)", re.I
)
"""Also what somebody writes whose telephone another holds: never asked back."""
_SAYS_SO = re.compile(r"\b(otomatis|auto(matic|mated|matically)?[ -]?(reply|message|response)?)\b", re.I)
_REPLY = re.compile(
    r"\b(saya|aku|i'?m|i am) (sedang|lagi|currently |now )?(in a )?"
    r"(rapat|meeting|mengemudi|menyetir|nyetir|driving|cuti|sholat|salat|shalat|tidur)\b"
    r"|\b(akan|nanti|bakal) (saya|aku|kami) (\w+ )?(hubungi|telepon|telpon|balas|kabari|respon)"
    r"|\b(tidak|tdk|gak|belum) (bisa|dapat) (menerima|menjawab|mengangkat) (panggilan|telepon|telpon)"
    r"|\bpanggilan (tak|tidak) terjawab|\bmissed call"
    r"|\b(can'?t|cannot|can not) (talk|answer|take (your )?calls?)\b"
    r"|\b(call|text|get back to) you (back )?(later|when|soon)"
    r"|\bnomor (ini|yang anda (hubungi|tuju)) (sedang )?(tidak aktif|sibuk|tidak dapat)"
    r"|\bpesan (anda|suara|saudara)\b.{0,20}\b(terima|diterima|direkam)"
    r"|\bmessage has been (received|recorded)"
    r"|\b(terima kasih|thank you|thanks)\b.{0,12}\b(menghubungi|pesan anda|contacting|your message)"
    r"|\b(di ?luar|outside) (jam|office|business)\b|\bout of (the )?office"
    r"|\bjangan ganggu|do not disturb|\bwe will (get back|reply|respond|contact)",
    re.I,
)
_FAMILIES: Final = tuple(
    re.compile(words, re.I)
    for words in (
        r"\b(pulsa|kuota|masa aktif|isi ulang|paket (internet|data)|top ?up|data package|your balance)\b",
        r"\*\d{2,4}(\*\d+)*#|\b(tekan|dial|hub|hubungi) \*?\d{3,5}\b",
        r"\b(ketik|reply|balas) \w+( \w+)?[, ]+(dan )?(kirim|send|to|ke)\b.{0,6}\d{3,5}\b",
        r"\b(otp|kode verifikasi|verification code)\b|\b\d{4,8} adalah kode\b|\bkode anda\b",
        r"\b(undian|pemenang|berhadiah|hadiah|klaim|congratulations|have won|claim)\b"
        r"|^selamat\W+(anda|nomor|no)\b",
        r"\b(promo|diskon|discount|bonus|cashback|gratis|voucher|nikmati|hanya rp|only rp|cuma \d)",
        r"\b(s ?& ?k|t ?& ?c|syarat.{0,8}ketentuan|tarif rp)\b",
        r"\b(pinjaman|dana cepat|tanpa jaminan|tanpa survey|bunga rendah|cair \d)\b",
        r"https?://|\bwww\.|\bbit\.ly|\b[a-z0-9-]+\.(com|net|co|id|ly|me|io|xyz|example)\b",
        r"\b(pelanggan|nasabah)\b.{0,4}\byth\b|\byth\b.{0,4}(pelanggan|nasabah)|\bdear customer\b",
        r"\b(tagihan|jatuh tempo|denda|saldo|transaksi|no ?resi|resi|rek(ening)?\.? ?\*|sn \d)\b"
        r"|\bberhasil\b",
        r"\b(slot|gacor|judi|maxwin|deposit)\b",
        r"\b(unsubscribe|berhenti berlangganan|ketik (reg|unreg|stop)|voicemail"
        r"|berlaku (s\.?d|\d+ (menit|hari)))",
        r"\b(jual|dijual|nego|shm|harga)\b.{0,40}\b(hub|wa|nego|strategis)\b",
    )
)
"""Of operators, banks, shops, fraud: each family counts once."""
_OF_PEOPLE: Final = re.compile(
    r"\b(tolong|tlg|calo|agen|agent|perekrut|sponsor|majikan|paspor|passport|visa|ijazah|ktp|kontrak|contract"
    r"|gaji|kerja|bekerja|job|work|lowongan|loker|tki|tkw|pmi|berangkat\w*|brangkat\w*|dibrangkat\w*|diberangkat\w*"
    r"|penampungan|kapal|pelabuhan|dermaga|bandara|gudang|luar negeri"
    r"|malaysia|kamboja|taiwan|hongkong|arab|saudi|korea|jepang|singapura|batam|myanmar|thailand|dubai"
    r"|anak|anakku|suami|istri|adik|kakak|keponakan|tetangga|ibu saya|bapak saya|teman saya"
    r"|warga|gadis|perempuan"
    r"|son|daughter|sister|brother|husband|wife|neighbour|employer"
    r"|mereka|dia|orang|they|them|him|her|someone|people"
    r"|takut|sembunyi|lari|kabur|tertipu|ditipu|penipuan|dipaksa|dikurung|dikunci|disekap|ditahan"
    r"|dipukul|diancam"
    r"|dijual|diambil|dijemput|dibawa|diajak|ajak|disuruh|dipotong|afraid|help me|locked?|forced"
    r"|beat|police|polisi"
    r"|curiga|bohong|ginjal|korban|hilang)\b",
    re.I,
)
"""Words that reports hold and programs do not; one of them keeps a message from being asked back."""


def seems(text: str, *, is_quick: bool) -> Seems:
    """Return what a text without keyword seems to be. `is_quick`: it came within `QUICK_S` of a message of
    ours to that number."""
    words = " ".join(plain(text).split())
    reply = is_auto_reply(words) or _REPLY.search(words) is not None
    families = sum(family.search(words) is not None for family in _FAMILIES)
    of_people = _OF_PEOPLE.search(words) is not None
    if of_people or _NO_REPLY.search(words):
        return Seems.DOUBTFUL if reply or families > 1 else Seems.PERSON
    if (reply and (is_quick or _SAYS_SO.search(words))) or families > 1:
        return Seems.MACHINE
    return Seems.DOUBTFUL if reply or families else Seems.PERSON
