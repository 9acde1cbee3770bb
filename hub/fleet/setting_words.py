"""Settings of boxes and steps of rollouts in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.fleet.rollouts import Condition, Step
from hub.languages import N_
from sync.wire.box_settings import BOUNDS, PROBATION_HOURS, URL_MAX_CHARACTERS, WAIT_APART_MINUTES
from sync.wire.numbers import BoxSetting, SettingsState

SETTING_WORDS: Final[Mapping[BoxSetting, str]] = {
    BoxSetting.AIRTIME_PERMILLE: N_("Bagian waktu radio boleh mengirim, per seribu"),
    BoxSetting.POLL_MINUTES: N_("Menyapa hub lewat radio tiap, menit"),
    BoxSetting.INTERNET_MINUTES: N_("Mencoba internet tiap, menit"),
    BoxSetting.WAIT_LEAST_MINUTES: N_("Laporan biasa menunggu paling sedikit, menit"),
    BoxSetting.WAIT_MOST_MINUTES: N_("Laporan biasa menunggu paling lama, menit"),
    BoxSetting.GATEWAY: N_("Meneruskan kabar kotak lain"),
    BoxSetting.DENSE_TEXT: N_("Menulis laporan lebih padat"),
    BoxSetting.HUB_URL: N_("Alamat hub di internet"),
}
YES_NO: Final = (BoxSetting.GATEWAY, BoxSetting.DENSE_TEXT)
STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.WAITING: N_("menunggu giliran"),
    Step.SENT: N_("dikirim, belum sampai"),
    Step.ARRIVED: N_("sampai di kotak"),
    Step.TRYING: N_("sedang dicoba kotak"),
    Step.TAKES_NONE: N_("tidak menerima pembaruan"),
    Step.CONFIRMED: N_("dipakai kotak"),
    Step.WENT_BACK: N_("kotak kembali ke yang lama"),
    Step.REFUSED: N_("ditolak kotak"),
}
CONDITION_WORDS: Final[Mapping[Condition, str]] = {
    Condition.RUNNING: N_("berjalan"),
    Condition.HALTED: N_("berhenti sendiri"),
    Condition.STOPPED: N_("dihentikan"),
    Condition.DONE: N_("selesai"),
}
STATE_WORDS: Final[Mapping[int, str]] = {
    SettingsState.ON_PROBATION: N_("sedang dicoba"),
    SettingsState.KEPT: N_("dipakai"),
    SettingsState.WENT_BACK: N_("kembali ke yang lama"),
    SettingsState.REFUSED: N_("ditolak"),
    SettingsState.BY_HAND: N_("dibuang orang di kotak"),
}
KIND_WORDS: Final[Mapping[str, str]] = {"settings": N_("Setelan"), "release": N_("Rilis program")}
REFUSED_WORDS: Final[Mapping[str, str]] = {
    "reason": N_("Tulis alasan, paling panjang 200 huruf."),
    "boxes": N_("Tidak ada kotak yang dipakai dan sudah pernah berbicara di pilihan itu."),
    "busy": N_("Salah satu kotak masih di penyebaran lain. Tunggu selesai, atau hentikan yang itu."),
    "ended": N_("Penyebaran itu sudah berakhir."),
    "newer": N_("Penyebaran yang lebih baru sudah mengganti isi kotak yang sama. Batalkan yang itu dulu."),
    "choice": N_("Pilih kotak: kode wilayah, atau nomor kotak dipisah koma."),
    "empty": N_("Isi sedikitnya satu setelan, atau centang bahwa semua kembali ke setelan kotak sendiri."),
    "probation_hours": N_(
        "Masa coba %(least)s sampai %(most)s jam, dan sedikitnya dua kali jarak terpanjang di atas.",
        least=PROBATION_HOURS[0],
        most=PROBATION_HOURS[1],
    ),
}


def allowed_words(setting: BoxSetting) -> str:
    """Return what a setting may be."""
    if setting is BoxSetting.HUB_URL:
        return N_("https://…, paling panjang %(most)s huruf", most=URL_MAX_CHARACTERS)
    least, most = BOUNDS[setting]
    if setting in YES_NO:
        return N_("ya atau tidak")
    if setting in (BoxSetting.WAIT_LEAST_MINUTES, BoxSetting.WAIT_MOST_MINUTES):
        return N_(
            "%(least)s sampai %(most)s, keduanya bersama, berjarak sedikitnya %(apart)s",
            least=least,
            most=most,
            apart=WAIT_APART_MINUTES,
        )
    return N_("%(least)s sampai %(most)s", least=least, most=most)


def refused_words(why: str) -> str:
    """Return why a rollout was not begun, or what is allowed."""
    if why in REFUSED_WORDS:
        return REFUSED_WORDS[why]
    setting = BoxSetting[why.upper()]
    return f"{SETTING_WORDS[setting]}: {allowed_words(setting)}"


def value_words(setting: BoxSetting, value: int | str) -> str:
    """Return a value as people read it."""
    if setting in YES_NO:
        return N_("ya") if value else N_("tidak")
    return str(value)
