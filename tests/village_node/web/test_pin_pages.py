"""Pages of the PIN: setting, giving, changing, locking; sessions that end."""

from __future__ import annotations

import re

import pytest
from facilitator import PIN, Facilitator
from village import Region

from village_node.pin import FREE_TRIES, make_code, reset_pin_here
from village_node.web.facilitator_app import NAV
from village_node.web.facilitator_guard import ABSOLUTE_LIMIT_S, IDLE_LIMIT_S


@pytest.fixture
def facilitator(region: Region) -> Facilitator:
    return Facilitator(region.node())


def is_locked(somebody: Facilitator) -> bool:
    response = somebody.get("/")
    return response.status_code == 303 and response.headers["Location"] == "/masuk"


class TestFirstStart:
    def test_without_a_code_the_page_says_how_one_is_made(self, facilitator: Facilitator) -> None:
        page = facilitator.read("/masuk")
        assert "kentongan node facilitator-code DIR" in page
        response = facilitator.client.post("/masuk", data={"code": "", "new": PIN, "again": PIN})
        assert response.status_code == 403

    def test_who_has_the_code_sets_the_pin_and_is_in(self, region: Region, facilitator: Facilitator) -> None:
        code = make_code(region.node().log)
        for typed, status in (
            ({"code": code, "new": "111111", "again": "111111"}, 422),
            ({"code": code, "new": PIN, "again": "271829"}, 422),
            ({"code": "1", "new": PIN, "again": PIN}, 403),
            ({"code": code, "new": PIN, "again": PIN}, 303),
        ):
            response = facilitator.client.post("/masuk", data=typed)
            assert response.status_code == status
            assert PIN not in response.text
        assert not is_locked(facilitator)
        assert not is_locked(facilitator)


class TestSessions:
    def test_nothing_is_seen_without_the_pin(self, region: Region, facilitator: Facilitator) -> None:
        paths = {rule.rule for rule in facilitator.client.application.url_map.iter_rules()}
        open_ones = set()
        for path in paths:
            address = re.sub(r"<[^>]+>", "1", re.sub(r"<any\((\w+),[^>]+>", r"\1", path))
            for response in (facilitator.get(address), facilitator.client.post(address)):
                if response.status_code not in (303, 403, 405):
                    open_ones.add(path)
        assert open_ones == {"/masuk"}

    def test_a_wrong_pin_is_told_and_too_many_are_slowed(
        self, region: Region, facilitator: Facilitator
    ) -> None:
        facilitator.sign_in()
        other = Facilitator(region.node())
        for _ in range(FREE_TRIES):
            assert other.client.post("/masuk", data={"pin": "000000"}).status_code == 403
        response = other.client.post("/masuk", data={"pin": PIN})
        assert response.status_code == 429
        assert "Tunggu 31 detik" in response.text
        assert not is_locked(facilitator)  # who is in stays in

    def test_the_cookie_is_random_for_this_site_and_holds_nothing(self, facilitator: Facilitator) -> None:
        facilitator.sign_in()
        response = facilitator.client.post("/masuk", data={"pin": PIN})
        cookie = response.headers["Set-Cookie"]
        assert re.fullmatch(r"fasilitator=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict", cookie)

    def test_an_idle_session_ends_and_so_does_a_long_one(
        self, region: Region, facilitator: Facilitator
    ) -> None:
        facilitator.sign_in()
        for _ in range(ABSOLUTE_LIMIT_S // (IDLE_LIMIT_S - 1)):
            region.clock.advance(IDLE_LIMIT_S - 1)
            assert not is_locked(facilitator)
        region.clock.advance(IDLE_LIMIT_S - 1)
        assert is_locked(facilitator)
        facilitator.client.post("/masuk", data={"pin": PIN})
        region.clock.advance(IDLE_LIMIT_S)
        assert is_locked(facilitator)

    def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(
        self, region: Region, facilitator: Facilitator
    ) -> None:
        facilitator.sign_in()
        region.clock.advance(IDLE_LIMIT_S - 1)
        assert facilitator.get("/?otomatis=1").status_code == 200
        region.clock.advance(2)
        assert is_locked(facilitator)

    def test_locking_ends_it_for_a_copy_of_the_cookie_too(self, facilitator: Facilitator) -> None:
        facilitator.sign_in()
        cookie = facilitator.client.get_cookie("fasilitator")
        assert cookie is not None
        assert facilitator.post("/kunci").headers["Location"] == "/masuk"
        facilitator.client.set_cookie("fasilitator", cookie.value)
        assert is_locked(facilitator)

    def test_a_new_pin_locks_every_other_phone(self, region: Region, facilitator: Facilitator) -> None:
        facilitator.sign_in()
        other = facilitator.client.application.test_client()
        other.post("/masuk", data={"pin": PIN})
        changed = facilitator.post("/pin", old=PIN, new="314159", again="314159")
        assert changed.status_code == 303
        assert not is_locked(facilitator)
        assert other.get("/").status_code == 303
        reset_pin_here(region.node().log)
        assert is_locked(facilitator)


class TestForms:
    def test_a_form_without_its_token_changes_nothing(self, facilitator: Facilitator) -> None:
        facilitator.sign_in()
        typed = {"old": PIN, "new": "314159", "again": "314159"}
        for token in ({}, {"form_token": "0" * 32}):
            response = facilitator.client.post("/pin", data={**typed, **token})
            assert response.status_code == 403
            assert "tidak disimpan" in response.text
        assert facilitator.node.pin.matches(PIN)

    def test_a_form_after_the_end_of_a_session_says_so(
        self, region: Region, facilitator: Facilitator
    ) -> None:
        facilitator.sign_in()
        token = facilitator.token()
        region.clock.advance(IDLE_LIMIT_S)
        response = facilitator.client.post("/kunci", data={"form_token": token})
        assert response.status_code == 403
        assert "Masukkan PIN" in response.text

    def test_every_part_of_the_site_is_reached_from_its_start(self, facilitator: Facilitator) -> None:
        facilitator.sign_in()
        page = facilitator.read("/")
        for path, words, _ in NAV:
            assert f'href="{path}"' in page
            assert words in page
            assert facilitator.get(path).status_code == 200
