"""A filled-in form as bytes from outside: what reads, and what is refused with words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from phone import ANSWERS, filled, instance_of

from hub.languages import speaking, translate
from hub.openrosa.reading import MAX_XML_BYTES, Submission, SubmissionRefused, digest, read_submission
from hub.openrosa.xform import xform
from sync.records import check_report

HEAD = '<data id="kentongan_report" version="1">'
META = "<meta><instanceID>uuid:1</instanceID></meta>"
LEAST = "<village>52.02.08.2001</village><kind>other</kind><narrative>cerita</narrative>"


def read(inside: str, *, head: str = HEAD) -> Submission:
    return read_submission(f"{head}{inside}</data>".encode())


def refusal(xml: bytes) -> str:
    with speaking("en"):
        with pytest.raises(SubmissionRefused) as refused:
            read_submission(xml)
        return translate(refused.value.args[0])


def test_every_answer_lands_in_its_field() -> None:
    files = {
        "photo": "1.jpg",
        "voice": "2.m4a",
        "offer/destination": "other",
        "offer/destination_other": "ZA",
    }
    found = read_submission(filled(instance_of(xform()), {**ANSWERS, **files}, "uuid:7"))
    assert found.report == check_report(
        {
            "kind": "recruiter",
            "narrative": "Pak Wayan Contoh mengajak tiga anak ke Malaysia.",
            "language": "id",
            "channel": "facilitator",
            "urgency": "now",
            "place": "52.02.08",
            "position": {"lat_e5": -865432, "lon_e5": 11632145},
            "indicators": ["child", "sea_route", "threats"],
            "recruiter": {"name": "Wayan Contoh", "phone": "0812-0000-4321", "licence_shown": False},
            "offer": {"destination": "ZA", "wage_idr": 9000000, "departure_on": "2027-02-01"},
            "people": {"children": 3},
            "reporter": {"refer": True},
            "official_involved": False,
        }
    )
    assert (found.village, found.files) == ("52.02.08.2001", {"1.jpg": "photo", "2.m4a": "voice"})
    assert found.instance == digest("uuid:7")
    assert found.ended_at == datetime(2027, 1, 15, 7, tzinfo=UTC).timestamp()


def test_another_country_without_its_code_is_not_said_and_stops_nothing() -> None:
    offer = "<offer><destination>other</destination><job>online</job></offer>"
    report = read(f"{META}{LEAST}{offer}").report
    assert report.offer is not None
    assert (report.offer.destination, report.offer.job) == (None, "online")
    assert read(f"{META}{LEAST}<language>other</language>").report.language is None


def test_what_programs_add_is_not_read() -> None:
    added = "<deviceid>imei:1</deviceid><username>sari</username><formhub><uuid>u</uuid></formhub>"
    assert read(f"{LEAST}{added}<__version__>v9</__version__>{META}").report == read(LEAST + META).report


def test_a_namespace_changes_nothing() -> None:
    head = '<data xmlns="http://example.org/x" xmlns:orx="http://openrosa.org/xforms" id="kentongan_report">'
    meta = "<orx:meta><orx:instanceID>uuid:1</orx:instanceID></orx:meta>"
    assert read(LEAST + meta, head=head).report.narrative == "cerita"


def test_a_form_of_another_version_is_taken_while_its_answers_fit() -> None:
    assert read(f"{LEAST}<no_longer_asked/>{META}", head=HEAD.replace('"1"', '"0"')).version == "0"
    told = refusal(f"{HEAD}{LEAST}<no_longer_asked>Wayan</no_longer_asked>{META}</data>".encode())
    assert "no_longer_asked" in told
    assert "Wayan" not in told
    assert "stays on the phone" in told


BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (b"", "not whole XML"),
        (b"\xff\xd8\xff", "not whole XML"),
        (b"<data", "not whole XML"),
        (f"{BOMB}{HEAD}<narrative>&b;</narrative></data>".encode(), "not whole XML"),
        (f"{OUTSIDE}{HEAD}<narrative>&a;</narrative></data>".encode(), "not whole XML"),
        (b"<!DOCTYPE data><data/>", "not whole XML"),
        (b'<?xml version="1.0" encoding="ebcdic-x"?><data/>', "not whole XML"),
        (b"<data>" * 5000, "not whole XML"),
        (b"<data>" + b" " * MAX_XML_BYTES + b"</data>", "at most 128 KB"),
        (b'<data id="other_form"/>', "not the form"),
        (f"{HEAD}{LEAST}</data>".encode(), "without instanceID"),
        (f"{HEAD}{LEAST}<meta><instanceID> </instanceID></meta></data>".encode(), "without instanceID"),
        (f"{HEAD}{LEAST}<meta><instanceID>{'u' * 201}</instanceID></meta></data>".encode(), "instanceID"),
        (f"{HEAD}{META}<kind>other</kind></data>".encode(), "Choose the village"),
        (f"{HEAD}{META}<village>52</village><kind>x</kind></data>".encode(), "kind: one of"),
        (f"{HEAD}{META}{LEAST}<people><women>5.0</women></people></data>".encode(), "people.women: a whole"),
        (f"{HEAD}{META}{LEAST}<people><women>501</women></people></data>".encode(), "people.women: a whole"),
        (f"{HEAD}{META}{LEAST}<position>here</position></data>".encode(), "position: an object"),
        (f"{HEAD}{META}{LEAST}<position>nan 1</position></data>".encode(), "position: an object"),
        (f"{HEAD}{META}{LEAST}<recruiter>Wayan</recruiter></data>".encode(), "recruiter: an object"),
        (f"{HEAD}{META}{LEAST}<observed_on>2027-02-30</observed_on></data>".encode(), "an existing date"),
        (f"{HEAD}{META}{LEAST}<indicators><act>child child</act></indicators></data>".encode(), "repeats"),
        (f"{HEAD}{META}{LEAST}<photo>{'p' * 201}</photo></data>".encode(), "too long"),
        (f"{HEAD}{META}{LEAST}<recruiter><x>1</x></recruiter></data>".encode(), "recruiter.x"),
        (f"{HEAD}{META}{LEAST}<Wayan_>1</Wayan_></data>".encode(), "field ?"),
        (f"{HEAD}{META}{LEAST}<narrative>{'a' * 4001}</narrative></data>".encode(), "at most 4000"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_words(xml: bytes, said: str) -> None:
    assert said in refusal(xml)


def test_a_time_without_a_zone_is_no_time() -> None:
    assert read(f"{LEAST}<ended_at>2027-01-15T15:00:00</ended_at>{META}").ended_at is None
    assert read(f"{LEAST}<ended_at>kemarin</ended_at>{META}").ended_at is None
