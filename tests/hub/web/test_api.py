"""The programs' interface, as a program sees it; its document, and each answer held to it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from inbox_arrivals import SARI, arrive, noted
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referral_desk import SECRETS, ReferralDesk
from village import OTHER_VILLAGE, VILLAGE, Region
from werkzeug.test import TestResponse

from hub.exports import api_reading
from hub.exports.api_document import open_api
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
EVERYTHING = ("reports", "cases", "counts", "referrals")


class Program:
    """A program with a token."""

    def __init__(self, region: Region, *scopes: str, areas: tuple[str, ...] = ()) -> None:
        self.token = region.hub.store.sharing.tokens.make("Contoh", scopes or EVERYTHING, areas, 9, who=KETUT)
        self.client: FlaskClient = region.hub.create_app().test_client()

    def ask(self, path: str, token: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return self.client.get(f"/api/1/{path}", headers=headers)

    def read(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        assert "Set-Cookie" not in answer.headers
        name = "report" if "/" in path else f"{path.partition('?')[0]}-page"
        check(answer.get_json(), name)
        return answer.get_json()


def check(found: Any, name: str) -> None:
    """Hold an answer to the schema that the document gives for it."""
    document = open_api()
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(found)


def test_the_document_is_openapi_and_says_each_route(region: Region) -> None:
    document = Program(region).ask("openapi.json").get_json()
    OpenAPIV31SpecValidator(document).validate()
    rules = {
        rule.rule.replace("<report_id>", "{report_id}")
        for rule in region.hub.create_app().url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert rules - set(document["paths"]) == {"/api/1/openapi.json", "/api/1/<path:rest>"}
    assert set(document["paths"]) <= rules


def test_each_answer_is_as_the_document_says_and_tells_of_nobody(region: Region) -> None:
    desk = ReferralDesk(region)
    report = desk.arrive()
    name = desk.refer(report)
    cases = region.hub.store.cases
    number = cases.open("Wayan", who=SARI)
    cases.add_reports(number, [report], who=SARI)
    region.clock.advance(61)
    program = Program(region)
    read = {one: program.read(one)["items"] for one in EVERYTHING}
    assert [len(items) for items in read.values()] == [1, 1, 1, 1]
    assert (read["reports"][0]["id"], read["reports"][0]["case"]) == (report, number)
    assert (read["cases"][0]["number"], read["counts"][0]["count"]) == (number, 1)
    assert (read["referrals"][0]["name"], read["referrals"][0]["state"]) == (name, "sent")
    assert program.read(f"reports/{report}") == read["reports"][0]
    text = repr(read).lower()
    assert [word for word in SECRETS if word in text.replace(report, "").replace("0000", "", 9)] == []
    assert noted(region)[-5:] == [
        ("token 1", "program read", "export api reports rows=1"),
        ("token 1", "program read", "export api cases rows=1"),
        ("token 1", "program read", "export api counts rows=1"),
        ("token 1", "program read", "export api referrals rows=1"),
        ("token 1", "program read", f"export api report {report} rows=1"),
    ]


def test_pages_follow_each_other_without_gap_or_repeat(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_reading, "ITEMS_A_PAGE", 2)
    ids = arrive(region, *"abcde")
    region.clock.advance(61)
    late = arrive(region, "f")
    cases = [region.hub.store.cases.open(text, who=SARI) for text in "abc"]
    program = Program(region)

    def walk(path: str, key: str) -> list[Any]:
        found, following = [], ""
        while True:
            page = program.read(f"{path}{following}")
            found += [one[key] for one in page["items"]]
            if page["next"] is None:
                return found
            following = f"?cursor={page['next']}"

    assert sorted(walk("reports", "id")) == sorted(ids), "the last one came just now"
    region.clock.advance(61)
    assert walk("reports", "id")[-1] == late[0]
    assert walk("cases", "number") == cases
    assert walk("counts", "count") == [6]


def test_what_waits_for_its_place_is_not_passed_over(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_reading, "ITEMS_A_PAGE", 1)
    store = region.hub.store
    first = arrive(region, "a")
    region.clock.advance(1)

    def turn(number: int) -> None:
        store.writer.run(lambda: store.database.execute_sql(f"UPDATE arrival SET turn = {number}"))

    with monkeypatch.context() as busy:
        busy.setattr(store.intake, "on_committed", lambda: None)
        waits = arrive(region, "b")
        turn(2)
        region.clock.advance(1)
        last = [name for text in "cd" for name in arrive(region, text, village=OTHER_VILLAGE)]
    store.arrivals.catch_up()
    region.clock.advance(61)
    program, elsewhere = Program(region), Program(region, areas=(OTHER_VILLAGE[:5],))
    turn(1)
    assert store.arrivals.waiting() == 1
    page = program.read("reports")
    assert ([one["id"] for one in page["items"]], page["next"]) == (first, None)
    assert elsewhere.read("reports")["next"] is not None, "nothing of another area holds it up"
    turn(2)
    assert program.read("reports")["next"] is not None, "nor what cannot be placed"
    turn(1)
    store.arrivals.catch_up()
    found, following = [], ""
    while following is not None:
        page = program.read(f"reports{following and '?cursor='}{following}")
        found += [one["id"] for one in page["items"]]
        following = page["next"]
    assert found[:2] == [*first, *waits]
    assert sorted(found[2:]) == sorted(last)


def test_a_token_sees_its_areas_and_scopes_alone(region: Region) -> None:
    here, there = arrive(region, "a"), arrive(region, "b", village=OTHER_VILLAGE)
    region.clock.advance(61)
    program = Program(region, "reports", areas=(VILLAGE[:5],))
    assert [one["id"] for one in program.read("reports")["items"]] == here
    assert program.read("reports?area=53")["items"] == []
    assert program.read("reports?kind=recruiter&area=52.02")["items"] != []
    unknown = program.ask("reports/ffffffffffffffff.0.9")
    other = program.ask(f"reports/{there[0]}")
    assert (other.status_code, other.data) == (unknown.status_code, unknown.data) == (404, unknown.data)
    for path in ("cases", "counts", "referrals"):
        assert program.ask(path).status_code == 403


def test_reports_of_other_areas_take_no_room_in_a_page(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_reading, "ITEMS_A_PAGE", 2)
    arrive(region, *"abc", village=OTHER_VILLAGE)
    region.clock.advance(61)
    here = arrive(region, "d")
    arrive(region, "e", village=OTHER_VILLAGE, kind="victim")
    region.clock.advance(61)
    # A place in the list that goes on, or an empty page, would tell how many there are elsewhere.
    page = Program(region, areas=(VILLAGE[:5],)).read("reports")
    assert ([one["id"] for one in page["items"]], page["next"]) == (here, None)
    everywhere = Program(region)
    assert [one["id"] for one in everywhere.read("reports?area=52.02")["items"]] == here
    assert [one["kind"] for one in everywhere.read("reports?area=53&kind=victim")["items"]] == ["victim"]
    assert everywhere.read("reports?area=52.03")["items"] == []


def test_without_a_right_token_every_path_answers_alike(region: Region) -> None:
    [report] = arrive(region, "a")
    program = Program(region)
    region.hub.store.sharing.tokens.revoke(1, who=KETUT)
    answers = [
        program.ask(path, token)
        for path in ("reports", f"reports/{report}", "reports/x", "nothing", "openapi.json", "cases?x=1")
        for token in (program.token, "kt9_x", "", program.token.swapcase())
    ] + [program.client.get("/api/1/reports")]
    assert {(one.status_code, one.data, one.headers["WWW-Authenticate"]) for one in answers} == {
        (401, answers[0].data, "Bearer")
    }
    assert program.client.post("/api/1/reports").status_code == 405


def test_what_no_form_allows_is_refused(region: Region) -> None:
    program = Program(region)
    for asked in (
        "reports?kind=x",
        "reports?area=52.2",
        "reports?limit=9",
        "reports?cursor=x",
        "reports?cursor=e30=",
        "reports?cursor=W251bGwsMV0=",
        "reports?cursor=WzFd",
        "cases?state=x",
        "cases?cursor=WyJ4Il0=",
        "counts?weeks=0",
        "counts?weeks=27",
    ):
        answer = program.ask(asked)
        assert answer.status_code == 400, asked
        check(answer.get_json(), "error")
    assert program.ask("nothing").status_code == 404


def test_requests_are_limited_within_a_minute(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_reading, "REQUESTS_A_MINUTE", 2)
    program = Program(region)
    assert [program.ask("cases").status_code for _ in range(3)] == [200, 200, 429]
    assert program.ask("cases").headers["Retry-After"] == "60"
    region.clock.advance(61)
    assert program.ask("cases").status_code == 200
