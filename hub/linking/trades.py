"""Where work is said to be and which work, as a narrative names them: countries, jobs."""

from __future__ import annotations

import re

from hub.linking.words import fold_text

_COUNTRIES: dict[str, str] = {
    "MY": "malaysia malay mly serawak sarawak sabah tawau johor kuching selangor pahang "
    "kinabalu sandakan melaka penang "
    "kelantan klang lumpur kl miri sibu bintulu semporna keningau ringgit kedah lahad",
    "SG": "singapura singapore sg spore",
    "TW": "taiwan twn taipei taichung kaohsiung taoyuan tainan",
    "HK": "hongkong hk hongkon kowloon",
    "SA": "saudi arab arabsaudi jeddah riyadh riyad mekkah makkah madinah ksa umrah umroh dammam",
    "AE": "dubai abudhabi dhabi uae sharjah emirat",
    "QA": "qatar doha",
    "KW": "kuwait",
    "OM": "oman muscat",
    "BH": "bahrain",
    "IQ": "irak iraq basra erbil",
    "SY": "suriah syria damaskus",
    "JO": "yordania jordan amman",
    "TR": "turki turkey istanbul ankara",
    "KH": "kamboja cambodia poipet bavet sihanoukville phnom kamboj",
    "MM": "myanmar myawaddy birma shwe yangon",
    "LA": "laos triangle bokeo vientiane",
    "TH": "thailand bangkok thai sot chiang",
    "VN": "vietnam hanoi saigon",
    "PH": "filipina manila philippines",
    "KR": "korea korsel seoul incheon jeju eps busan",
    "JP": "jepang japan tokyo osaka nagoya2 tokutei magangjepang",
    "CN": "china tiongkok cina guangzhou",
    "BN": "brunei",
    "PL": "polandia poland",
    "DE": "jerman",
    "AU": "australia",
    "CA": "kanada",
    "NZ": "selandia",
    "RS": "serbia",
    "RU": "rusia",
    "GB": "inggris london",
    "US": "amerika",
    "ID": "batam kupang2",
}
_JOBS: dict[str, str] = {
    "domestic": "prt pembantu art rumahtangga babu tkw majikan bersih2 nyonya babysitter",
    "caregiver": "caregiver lansia jompo kakek merawat perawat akong ama stroke",
    "plantation": "kebun sawit ladang perkebunan kebon petik panen nebang berondol plasma karet",
    "construction": "bangunan tukang proyek batu kuli konstruksi rel mandor",
    "factory": "pabrik kilang elektronik operator sarung",
    "fishing": "kapal abk cumi ikan nelayan jaring laut pelaut longline tuna",
    "hospitality": "hotel restoran spa terapis kapalpesiar pelayan pijat waitress kasir resto",
    "online": "admin judol scam online cs customer chatting komputer operator kasino marketing "
    "telemarketing judi kripto crypto "
    "akun target penipu",
    "entertainment": "lc karaoke pemandu lagu kafe cafe hiburan mami penyanyi klub bar",
    "driver": "sopir supir driver",
    "marriage": "pengantin nikah kawin jodoh dijodohkan",
}
_COUNTRY_OF = {word: code for code, words in _COUNTRIES.items() for word in words.split()}
_JOB_OF: dict[str, tuple[str, ...]] = {}
for _job, _words in _JOBS.items():
    for _word in _words.split():
        _JOB_OF[_word] = (*_JOB_OF.get(_word, ()), _job)


def find_countries(words: frozenset[str]) -> frozenset[str]:
    """Return the countries (ISO 3166-1 alpha-2) that folded words of a text name."""
    return frozenset(_COUNTRY_OF[w] for w in words if w in _COUNTRY_OF)


def find_jobs(words: frozenset[str]) -> frozenset[str]:
    """Return the jobs, in the words of the report's form, that folded words of a text point to."""
    return frozenset(job for w in words for job in _JOB_OF.get(w, ()))


def words_of(text: str) -> frozenset[str]:
    """Return the folded words of a text."""
    folded = fold_text(text).replace("hong kong", "hongkong").replace("abu dhabi", "abudhabi")
    return frozenset(re.findall("[a-z0-9]+", folded))


_GLUED = tuple(word for word in _COUNTRY_OF if len(word) >= 5)


def words_in_handle(handle: str) -> list[str]:
    """Return countries that an account's name holds between other letters ("lokerkorea")."""
    return [word for word in _GLUED if word in handle]
