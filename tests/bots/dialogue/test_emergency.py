"""Danger: numbers first, then one message or one tap is an urgent report."""

from __future__ import annotations

from talking import VILLAGE, Person, a_room

from bots.dialogue.contract import NotTaken, SentFile, SharedPosition, Submit


def test_numbers_come_first_and_one_message_is_the_report() -> None:
    person = Person()
    person.says("/bahaya")
    assert person.heard.index("110") < person.heard.index("Tulis satu pesan")
    person.says("Adik saya dikurung di gudang dekat pasar")
    assert person.submitted() == {
        "kind": "victim",
        "urgency": "now",
        "narrative": "Adik saya dikurung di gudang dekat pasar",
        "place": VILLAGE,
        "channel": "telegram",
    }
    person.is_taken()
    assert "110" in person.heard


def test_one_tap_is_enough() -> None:
    person = Person()
    person.says("bahaya")
    person.presses("call")
    assert "Tombol darurat" in person.submitted()["narrative"]


def test_a_position_comes_along_only_when_it_was_shared() -> None:
    person = Person()
    person.says("/bahaya")
    assert person.replies[-1].asks_position
    person.tells(SharedPosition(-850000, 11610000))
    assert not person.replies[-1].asks_position
    person.tells(SentFile(1, "sound"))
    person.presses("call")
    assert person.submitted()["position"] == {"lat_e5": -850000, "lon_e5": 11610000}
    (wish,) = person.wishes
    assert isinstance(wish, Submit)
    assert wish.files == (1,)


def test_a_place_picked_on_the_map_is_no_place_where_somebody_was_measured() -> None:
    person = Person(a_room(village="", abroad=True))
    person.says("/bahaya", "Antah Berantah")
    person.tells(SharedPosition(-850000, 11610000, "Warung Melati"))
    assert "bukan lokasi Anda" in person.heard
    other = SharedPosition(-860000, 11620000, "Pasar\nLama " + "a" * 300)
    person.tells(other)
    person.presses("call")
    report = person.submitted()
    assert report["position"] == {"lat_e5": -860000, "lon_e5": 11620000}
    assert report["place_text"].startswith("Antah Berantah; Dipilih di peta: Pasar Lama")
    assert "Melati" not in report["place_text"]


def test_a_measured_position_takes_the_place_of_a_picked_one() -> None:
    person = Person()
    person.says("/bahaya")
    person.tells(SharedPosition(-850000, 11610000, "Warung Melati"))
    person.tells(SharedPosition(-860000, 11620000))
    person.presses("call")
    report = person.submitted()
    assert report["position"] == {"lat_e5": -860000, "lon_e5": 11620000}
    assert "place_text" not in report


def test_a_position_that_nobody_asked_for_is_not_kept() -> None:
    person = Person()
    person.says("/start")
    person.tells(SharedPosition(-850000, 11610000))
    assert "tidak dicatat" in person.heard
    assert person.state.held is None


def test_abroad_the_country_stands_instead_of_the_village() -> None:
    person = Person(a_room(village="", abroad=True))
    person.says("/bahaya")
    assert "+62 21 2924 4800" in person.heard
    person.says("Kamboja", "Paspor saya diambil dan saya dikurung")
    report = person.submitted()
    assert report["offer"] == {"destination": "KH"}
    assert "place" not in report


def test_abroad_the_missions_there_are_told_and_the_nearest_once_a_position_is_shared() -> None:
    person = Person(a_room(village="", abroad=True))
    person.says("/bahaya", "Malaysia")
    assert "KRI Tawau" in person.heard
    assert "belum kami periksa" in person.heard
    assert "999" in person.heard
    person.tells(SharedPosition(448_000, 11_861_000))
    assert "terdekat" in person.heard
    near = person.heard.index("KRI Tawau")
    assert near < person.heard.index("KBRI Kuala Lumpur")
    other = Person(a_room(village="", abroad=True))
    other.says("/bahaya", "Kanada")
    assert "kemlu.go.id/perwakilan" in other.heard
    at_home = Person()
    at_home.says("/bahaya")
    assert "KBRI" not in at_home.heard


def test_a_box_that_is_away_leaves_the_numbers_in_sight() -> None:
    person = Person()
    person.says("/bahaya", "Tolong")
    first = person.wishes
    person.tells(NotTaken("away"))
    assert "110" in person.heard
    person.presses("retry")
    assert [w.token for w in person.wishes if isinstance(w, Submit)] == [
        w.token for w in first if isinstance(w, Submit)
    ]


def test_a_country_that_is_not_in_the_list_is_no_report_yet() -> None:
    person = Person(a_room(abroad=True, village=""))
    person.says("/bahaya", "Belanda")
    assert not person.wishes
    assert "call" in person.offered()
    person.says("saya dikurung majikan")
    told = person.submitted()
    assert (told["place_text"], told["narrative"]) == ("Belanda", "saya dikurung majikan")


def test_a_cry_in_place_of_a_country_goes_out_at_once() -> None:
    person = Person(a_room(abroad=True, village=""))
    person.says("/bahaya", "tolong saya dikurung majikan")
    assert person.submitted()["narrative"] == "tolong saya dikurung majikan"


def test_who_shares_a_position_without_a_country_is_told_the_nearest_mission() -> None:
    person = Person(a_room(abroad=True, village=""))
    person.says("/bahaya")
    person.tells(SharedPosition(5_237_000, 489_000))  # a country of which nothing was said
    assert "Yang terdekat dari lokasi Anda" in person.heard
    assert "belum kami periksa" in person.heard
