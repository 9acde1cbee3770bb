"""The feed of public warnings is Atom with CAP in it, for everybody, and says when nothing is new."""

from __future__ import annotations

from xml.etree import ElementTree

from cap_schema import cap_schema
from sent_bulletins import BUDI, send_bulletin
from village import Region

ATOM = "{http://www.w3.org/2005/Atom}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def test_the_feed_holds_whole_messages_and_answers_not_modified(region: Region) -> None:
    region.node()
    region.settle()
    client = region.hub.create_app().test_client()
    empty = client.get("/cap/feed.atom")
    assert empty.status_code == 200
    assert ElementTree.fromstring(empty.data).find(f"{ATOM}entry") is None
    number = send_bulletin(region)
    answer = client.get("/cap/feed.atom", headers={"If-None-Match": empty.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Last-Modified"]
    assert "Set-Cookie" not in answer.headers
    names = {ElementTree.fromstring(one.data).findtext(f"{ATOM}id") for one in (empty, answer)}
    assert len(names) == 1, "readers know a feed by its name"
    [entry] = ElementTree.fromstring(answer.data).findall(f"{ATOM}entry")
    alert = entry.find(f"{ATOM}content/{CAP}alert")
    assert alert is not None
    cap_schema().validate(ElementTree.tostring(alert, "unicode"))
    link = entry.find(f"{ATOM}link")
    assert link is not None
    one = client.get(link.get("href", ""))
    assert one.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    cap_schema().validate(one.text)
    again = client.get("/cap/feed.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get("/cap/nothing.xml").status_code == 404

    region.hub.store.bulletins.cancel(number, who=BUDI)
    kinds = [e.text for e in ElementTree.fromstring(client.get("/cap/feed.atom").data).iter(f"{CAP}msgType")]
    assert kinds == ["Cancel", "Alert"]
