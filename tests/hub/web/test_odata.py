"""The OData feed, as programs for tables read it: by hand, as Power Query walks, and by a foreign client."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
import requests
from flask.testing import FlaskClient
from inbox_arrivals import SARI, arrive, noted
from odata import ODataService
from referral_desk import SECRETS, ReferralDesk
from requests.adapters import BaseAdapter
from village import OTHER_VILLAGE, VILLAGE, Region
from werkzeug.test import TestResponse

from hub.exports import api_reading, odata_reading
from hub.exports.odata_metadata import EDM
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
EVERYTHING = ("reports", "cases", "counts", "referrals")
TABLES = ("reports", "report_indicators", "cases", "case_kinds", "case_villages", "counts", "referrals")
POWER_QUERY = {
    "Accept": "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7",
    "OData-MaxVersion": "4.0",
    "MaxDataServiceVersion": "3.0",
}


class Workbook:
    """A program for tables with a token; it sends what Power Query sends."""

    def __init__(self, region: Region, *scopes: str, areas: tuple[str, ...] = ()) -> None:
        self.token = region.hub.store.sharing.tokens.make("Contoh", scopes or EVERYTHING, areas, 9, who=KETUT)
        self.client: FlaskClient = region.hub.create_app().test_client()
        self.basic = "Basic " + base64.b64encode(f"token:{self.token}".encode()).decode()

    def ask(self, path: str, method: str = "GET", **headers: str) -> TestResponse:
        told = {"Authorization": self.basic, **POWER_QUERY, **headers}
        address = urlsplit(urljoin("http://localhost/odata/1/", path))
        assert (address.scheme, address.netloc) == ("http", "localhost")
        whole = address.path + (f"?{address.query}" if address.query else "")
        answer = self.client.open(whole, method=method, headers=told)
        assert answer.headers["OData-Version"] == "4.0"
        assert "Set-Cookie" not in answer.headers
        return answer

    def read(self, path: str, **headers: str) -> Any:
        answer = self.ask(path, **headers)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.get_json()

    def refused(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        answer = self.ask(path, method, **headers)
        error = answer.get_json()["error"]
        assert set(error) == {"code", "message"}
        assert answer.mimetype == "application/json"
        return answer.status_code, error["code"]

    def walk(self, path: str) -> list[dict[str, Any]]:
        """Read all pages by their links."""
        rows: list[dict[str, Any]] = []
        following: str | None = path
        while following is not None:
            page = self.read(following)
            rows += page["value"]
            following = page.get("@odata.nextLink")
        return rows


def whole_hub(region: Region) -> tuple[str, str, str]:
    """Return a report, a case that holds it and a referral of it."""
    desk = ReferralDesk(region)
    report = desk.arrive()
    name = desk.refer(report)
    cases = region.hub.store.cases
    number = cases.open("Wayan", who=SARI)
    cases.add_reports(number, [report], who=SARI)
    region.clock.advance(61)
    return report, number, name


def columns(document: bytes) -> dict[str, dict[str, tuple[str, bool]]]:
    """Return type and nullability of each column of each table of a metadata document."""
    schema = ElementTree.fromstring(document).find(f".//{{{EDM}}}Schema")
    assert schema is not None
    types = {one.get("Name"): one for one in schema.iter(f"{{{EDM}}}EntityType")}
    found = {}
    for one in schema.iter(f"{{{EDM}}}EntitySet"):
        entity = types[one.get("EntityType", "").removeprefix("Kentongan.")]
        told = {p.get("Name"): (p.get("Type"), p.get("Nullable") == "true")
                for p in entity.iter(f"{{{EDM}}}Property")}  # fmt: skip
        assert {key.get("Name") for key in entity.iter(f"{{{EDM}}}PropertyRef")} <= set(told)
        found[one.get("Name")] = told
    return found  # type: ignore[return-value]


def test_power_query_gets_from_the_root_to_the_last_row(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_hub(region)
    arrive(region, *"abcd", indicators=["violence", "child"])
    region.clock.advance(61)
    monkeypatch.setattr(odata_reading, "ROWS_A_PAGE", 2)
    book = Workbook(region)
    root = book.read("")
    assert root["@odata.context"] == "http://localhost/odata/1/$metadata"
    assert [(one["name"], one["kind"]) for one in root["value"]] == [(name, "EntitySet") for name in TABLES]
    document = book.ask("$metadata")
    assert document.mimetype == "application/xml"
    told = columns(document.data)
    assert tuple(told) == TABLES
    python = {"Edm.String": str, "Edm.Date": str, "Edm.DateTimeOffset": str, "Edm.Int32": int}
    rows = {}
    for one in root["value"]:
        page = book.read(one["url"])
        assert page["@odata.context"] == f"http://localhost/odata/1/$metadata#{one['name']}"
        rows[one["name"]] = book.walk(one["url"])
        for row in rows[one["name"]]:
            assert list(row) == list(told[one["name"]])
            for name, (edm, nullable) in told[one["name"]].items():
                right = bool if edm == "Edm.Boolean" else python[str(edm)]
                assert type(row[name]) is right or (nullable and row[name] is None)
    assert [len(found) for found in rows.values()] == [5, 4 + 8, 1, 1, 1, 1, 1]
    assert len({row["id"] for row in rows["reports"]}) == 5
    assert {row["report"] for row in rows["report_indicators"]} == {row["id"] for row in rows["reports"]}


def test_a_foreign_client_reads_the_feed(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    report, number, _ = whole_hub(region)
    arrive(region, "a", "b", kind="victim")
    region.clock.advance(61)
    monkeypatch.setattr(odata_reading, "ROWS_A_PAGE", 2)
    book = Workbook(region)
    session = requests.Session()
    session.mount("http://localhost/", _Adapter(book.client))
    service = ODataService(
        "http://localhost/odata/1/",
        session=session,
        auth=("token", book.token),
        reflect_entities=True,
        quiet_progress=True,
    )
    assert set(service.entities) == set(TABLES)
    reports = service.entities["reports"]
    assert len({one.id for one in service.query(reports)}) == 3
    found = service.query(reports).filter(reports.kind == "victim").all()
    assert [(one.kind, one.case) for one in found] == [("victim", None)] * 2
    assert service.query(reports).get(report).case == number
    signs = service.entities["report_indicators"]
    assert {one.report for one in service.query(signs).filter(signs.report == report)} == {report}
    assert service.query(reports).count() == 3
    assert service.query(reports).limit(1).all()[0].received_on is not None


class _Adapter(BaseAdapter):
    """Lets `requests` ask an app that listens nowhere."""

    def __init__(self, client: FlaskClient) -> None:
        super().__init__()
        self._client = client

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        answer = self._client.open(
            request.path_url, method=request.method or "", headers=dict(request.headers)
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(dict(answer.headers))
        response._content = answer.data
        response.request, response.url = request, request.url or ""
        return response

    def close(self) -> None:
        """Nothing is open."""


def test_one_row_is_found_by_its_key(region: Region) -> None:
    report, number, name = whole_hub(region)
    book = Workbook(region)
    [count] = book.walk("counts")
    by_key = f"counts(regency='{count['regency']}',week={count['week']},kind='{count['kind']}')"
    assert book.read(f"reports('{report}')")["case"] == number
    assert book.read(f"reports(id='{report}')?$select=id,kind") == {
        "@odata.context": "http://localhost/odata/1/$metadata#reports(id,kind)/$entity",
        "id": report,
        "kind": "recruiter",
    }
    assert book.read(f"cases('{number}')")["state"] == "open"
    assert book.read(f"referrals('{name}')")["state"] == "sent"
    assert book.read(by_key)["count"] == 1
    assert book.read(f"report_indicators(report='{report}',indicator='child')")["report"] == report
    for unknown in (
        "reports('x')",
        f"report_indicators(report='{report}',indicator='age_falsified')",
        "cases('2099-0001')",
        "referrals('2099-0001.1')",
        "counts(regency='11.01',week=2027-01-04,kind='victim')",
    ):
        assert book.refused(unknown) == (404, "NotFound"), unknown


def test_options_choose_rows_and_columns(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    report, number, name = whole_hub(region)
    arrive(region, *"abcd", kind="victim")
    closed = region.hub.store.cases.open("Selesai", who=SARI)
    region.hub.store.cases.close(closed, "unfounded", "tidak ada", who=SARI)
    region.clock.advance(61)
    monkeypatch.setattr(odata_reading, "ROWS_A_PAGE", 2)
    book = Workbook(region)
    page = book.read("reports?$filter=kind eq 'victim'&$select=kind,id&$count=true&$top=3")
    assert (page["@odata.count"], [list(row) for row in page["value"]]) == (4, [["id", "kind"]] * 2)
    last = book.read(page["@odata.nextLink"])
    assert (len(last["value"]), last.get("@odata.nextLink")) == (1, None)
    assert {row["kind"] for row in page["value"] + last["value"]} == {"victim"}
    assert [len(book.walk(f"reports?$top={n}")) for n in (0, 1, 2, 3, 9)] == [0, 1, 2, 3, 5]
    assert [len(book.walk(f"report_indicators?$top={n}")) for n in (0, 3, 9)] == [0, 3, 4]
    assert book.walk("reports?$filter=kind eq 'x'' and y'") == []
    assert [row["id"] for row in book.walk(f"reports?$filter=kind eq 'recruiter' and id eq '{report}'")] == [
        report
    ]
    assert book.walk(f"reports?$filter=kind eq 'victim' and id eq '{report}'") == []
    [own] = book.walk(f"case_kinds?$filter=case eq '{number}'")
    assert own == {"case": number, "kind": "recruiter"}
    assert [row["name"] for row in book.walk(f"referrals?$filter=name eq '{name}'")] == [name]
    assert book.walk("referrals?$filter=name eq 'x'") == []
    assert len(book.walk("cases")) == 2
    assert [row["number"] for row in book.walk("cases?$filter=state eq 'closed'")] == [closed]
    assert book.ask("reports/$count").text == "5"
    assert book.ask("reports/$count?$filter=kind eq 'victim'").text == "4"
    assert book.ask("cases/$count").text == "2"
    assert (book.ask("counts/$count").text, book.ask("referrals/$count").text) == ("2", "1")
    none = book.ask("reports?$top=1", Accept="application/json;odata.metadata=none")
    assert (list(none.get_json()), none.mimetype_params["odata.metadata"]) == (["value"], "none")
    assert list(book.read("reports?$format=application/json;odata.metadata=none&$top=3")) == [
        "value",
        "@odata.nextLink",
    ]
    assert book.read("reports", Accept="*/*")["value"][0]["id"] == report


def test_what_is_not_there_gets_an_error_of_odata(region: Region) -> None:
    report, *_ = whole_hub(region)
    book = Workbook(region)
    for path in (
        "reports?$orderby=id",
        "reports?$skip=1",
        "reports?$expand=x",
        "reports?$search=x",
        "reports?$apply=x",
        "reports?$filter=village eq '52'",
        "reports?$filter=kind ne 'victim'",
        "reports?$filter=kind eq 'a' or kind eq 'b'",
        "counts?$filter=kind eq 'victim'",
        "report_indicators?$count=true",
        "report_indicators/$count",
        f"reports('{report}')/kind",
        "$batch",
        "$crossjoin(reports,cases)",
    ):
        assert book.refused(path) == (501, "NotImplemented"), path
    for path in (
        "reports?$top=-1",
        "reports?$top=x",
        "reports?$count=x",
        "reports?$select=narrative",
        "reports?$skiptoken=x",
        "reports?$skiptoken=W251bGwsMV0=",
        "reports?$skiptoken=WyJ4IiwiXHUwMDAwIl0=",
        f"reports?$skiptoken={'x' * 201}",
        "reports?$top=1&$top=2",
        "reports?kind=victim",
        "reports?$what=x",
        f"reports({report})",
        "reports('a','b')",
        "reports('%00')",
        "reports?$filter=id eq '%00'",
        "counts(regency='52.02')",
        f"reports('{report}')?$top=1",
    ):
        assert book.refused(path) == (400, "BadRequest"), path
    assert book.refused("reports", **{"OData-MaxVersion": "3.0"}) == (400, "BadRequest")
    for path in ("people", "reports/x", "reports('x", f"reports('{report}')/narrative", "$metadata/x"):
        assert book.refused(path) == (404, "NotFound"), path
    assert book.refused("reports", Accept="application/atom+xml") == (406, "NotAcceptable")
    assert book.refused("reports?$format=atom") == (406, "NotAcceptable")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert book.refused("reports", method) == (405, "MethodNotAllowed")


def test_a_token_opens_its_areas_and_tables_alone(region: Region) -> None:
    here, there = arrive(region, "a", indicators=["child"]), arrive(region, "b", village=OTHER_VILLAGE)
    region.clock.advance(61)
    book = Workbook(region, "reports", areas=(VILLAGE[:5],))
    assert [one["name"] for one in book.read("")["value"]] == ["reports", "report_indicators"]
    assert tuple(columns(book.ask("$metadata").data)) == ("reports", "report_indicators")
    assert [row["id"] for row in book.walk("reports")] == here
    assert [row["report"] for row in book.walk("report_indicators")] == here
    assert book.ask("reports/$count").text == "1"
    assert book.read("reports?$count=true")["@odata.count"] == 1
    other, unknown = book.ask(f"reports('{there[0]}')"), book.ask("reports('ffffffffffffffff.0.9')")
    assert (other.status_code, other.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    assert book.refused(f"report_indicators(report='{there[0]}',indicator='child')") == (404, "NotFound")
    for path in ("cases", "case_kinds/$count", "counts", "referrals('x')"):
        assert book.refused(path) == (403, "Forbidden")


def test_nothing_is_answered_without_a_right_token(region: Region) -> None:
    [report] = arrive(region, "a")
    book = Workbook(region)
    bearer = {"Authorization": f"Bearer {book.token}"}
    assert book.ask("reports", **bearer).status_code == 200
    name = base64.b64encode(f"siapa saja:{book.token}".encode()).decode()
    assert book.ask("reports", Authorization=f"Basic {name}").status_code == 200
    region.hub.store.sharing.tokens.revoke(1, who=KETUT)
    wrong = ["", "Basic", "Basic x", "Bearer kt9_x", "Digest x", book.basic, f"Bearer {book.token}"]
    answers = [
        book.ask(path, Authorization=told)
        for path in ("", "$metadata", "reports", f"reports('{report}')", "people", "reports?$top=x")
        for told in wrong
    ]
    assert {(one.status_code, one.data) for one in answers} == {(401, answers[0].data)}
    asked = answers[0].headers.getlist("WWW-Authenticate")
    assert asked == ['Basic realm="Kentongan", charset="UTF-8"', "Bearer"]


def test_every_read_is_noted_and_limited_as_the_programs_interface(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, *_ = whole_hub(region)
    book = Workbook(region)
    before = len(noted(region))
    text = repr([book.walk(name) for name in TABLES]).lower()
    assert [word for word in SECRETS if word in text.replace(report, "").replace("0000", "", 9)] == []
    book.read(f"reports('{report}')")
    book.read("reports?$filter=kind eq 'recruiter'")
    book.read("reports?$filter=kind eq 'siapa saja'")
    book.ask("reports/$count")
    rows = {"report_indicators": 4}
    assert noted(region)[before:] == [
        *(("token 1", "program read", f"export odata {one} rows={rows.get(one, 1)}") for one in TABLES),
        ("token 1", "program read", f"export odata reports {report} rows=1"),
        ("token 1", "program read", "export odata reports kind=recruiter rows=1"),
        ("token 1", "program read", "export odata reports rows=0"),
        ("token 1", "program read", "export odata reports count rows=0"),
    ]
    monkeypatch.setattr(api_reading, "REQUESTS_A_MINUTE", 0)
    for path in ("reports", "reports/$count", f"reports('{report}')"):
        answer = book.ask(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")


def test_addresses_are_those_that_people_see_from_outside(region: Region) -> None:
    book = Workbook(region)
    for root in ("/odata/1", "/odata/1/"):
        answer = book.client.get(root, headers={"Authorization": book.basic})
        assert answer.get_json()["@odata.context"] == "http://localhost/odata/1/$metadata"
    app = region.hub.create_app()
    app.config["SESSION_COOKIE_SECURE"] = True
    answer = app.test_client().get("/odata/1/", headers={"Authorization": book.basic})
    assert answer.get_json()["@odata.context"] == "https://localhost/odata/1/$metadata"
