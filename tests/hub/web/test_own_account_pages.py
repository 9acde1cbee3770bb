"""One's own account: the second factor at sign-in, what must be set first, passwords and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from office import PASSWORD, Officer
from village import Region, quick_folder

from hub import folder as hub_folder
from hub.account_services import DEMAND_SECOND_FACTOR

NEW = "tiga kerbau menari"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture
def demanding(region: Region) -> Region:
    """A hub as `hub init` makes it: it demands a second factor of administrators and supervisors."""
    hub_folder.create(region.hub_folder, name="Pusat", database_url=None, release_public=None)
    return region


@pytest.fixture
def sari(region: Region) -> Officer:
    officer = Officer(region, "sari", "analyst")
    assert officer.sign_in().location == "/"
    return officer


class TestSecondFactor:
    def test_signing_in_asks_for_the_code_and_then_shows_the_page_asked_for(self, sari: Officer) -> None:
        secret, codes = sari.set_second_factor()
        assert len(codes) == 10
        sari.post("/sign-out", page="/akun-saya")
        answer = sari.post(
            "/sign-in", page="/sign-in?next=/desa", name="sari", password=PASSWORD, next="/desa"
        )
        assert answer.location == "/sign-in/code?next=/desa"
        assert sari.get("/").location == "/sign-in?ended=1", "the password alone opens nothing"
        asked = sari.read(answer.location)
        assert "Masuk sebagai" not in asked
        wrong = sari.post("/sign-in/code", page=answer.location, code="000000", next="/desa")
        assert wrong.status_code == 403
        assert "sudah dipakai" in wrong.text
        right = sari.post("/sign-in/code", page=answer.location, code=sari.code(secret), next="/desa")
        assert right.location == "/desa"
        assert sari.get("/desa").status_code == 200

    def test_a_recovery_code_signs_in_once(self, sari: Officer) -> None:
        _, codes = sari.set_second_factor()
        for expected in (303, 403):
            sari.post("/sign-out", page="/akun-saya") if expected == 303 else sari.client.delete_cookie(
                "kentongan_hub"
            )
            sari.sign_in()
            assert sari.post("/sign-in/code", page="/sign-in/code", code=codes[0]).status_code == expected

    def test_the_session_of_the_password_is_another_than_that_of_the_code(self, sari: Officer) -> None:
        secret, _ = sari.set_second_factor()
        sari.client.delete_cookie("kentongan_hub")
        sari.sign_in()
        with sari.client.session_transaction() as session:
            before = session["id"]
        sari.post("/sign-in/code", page="/sign-in/code", code=sari.code(secret))
        with sari.client.session_transaction() as session:
            assert session["id"] != before

    def test_guessing_codes_must_wait(self, sari: Officer) -> None:
        sari.set_second_factor()
        sari.client.delete_cookie("kentongan_hub")
        sari.sign_in()
        answers = [
            sari.post("/sign-in/code", page="/sign-in/code", code="000000").status_code for _ in range(6)
        ]
        assert answers == [403] * 5 + [429]

    def test_codes_are_shown_once_and_the_picture_loads_nothing(self, sari: Officer) -> None:
        page = sari.read("/akun-saya/kode")
        assert "<svg" in page
        assert "style=" not in page
        _, codes = sari.set_second_factor()
        for path in ("/akun-saya", "/akun-saya/kode"):
            assert not [code for code in codes if code in sari.read(path)]

    def test_it_can_be_taken_off_with_the_password_where_it_is_not_demanded(self, sari: Officer) -> None:
        sari.set_second_factor()
        refused = sari.post("/akun-saya/kode/lepas", page="/akun-saya", old="salah")
        assert refused.status_code == 422
        assert "Kata sandi sekarang salah." in refused.text
        sari.post("/akun-saya/kode/lepas", page="/akun-saya", old=PASSWORD)
        assert not sari.region.hub.store.accounts.own("sari").second_factor


class TestWhatMustBeSetFirst:
    def test_a_supervisor_sets_a_second_factor_before_anything_else(self, demanding: Region) -> None:
        budi = Officer(demanding, "budi", "supervisor")
        budi.sign_in()
        for path in ("/", "/desa", "/pengumuman", "/pengumuman/tulis"):
            assert budi.get(path).location == "/akun-saya", path
        assert budi.post("/akun-saya/kode/lepas", page="/akun-saya", old=PASSWORD).location == "/akun-saya"
        assert "pasang kode masuk" in budi.read("/akun-saya")
        budi.set_second_factor()
        assert budi.get("/").status_code == 200
        kept = budi.post("/akun-saya/kode/lepas", page="/akun-saya", old=PASSWORD)
        assert kept.status_code == 422
        assert "wajib" in kept.text

    def test_who_becomes_a_supervisor_signs_in_anew(self, demanding: Region) -> None:
        sari = Officer(demanding, "sari", "analyst")
        sari.sign_in()
        demanding.hub.store.administration.change("sari", "supervisor", (), by="command line")
        assert sari.get("/").location == "/sign-in?ended=1"
        sari.sign_in()
        assert sari.get("/").location == "/akun-saya"

    def test_an_analyst_is_offered_one(self, demanding: Region) -> None:
        sari = Officer(demanding, "sari", "analyst")
        sari.sign_in()
        assert sari.get("/").status_code == 200
        assert "Pasang kode masuk" in sari.read("/akun-saya")

    def test_the_roles_come_from_the_hub_s_settings(self, demanding: Region) -> None:
        assert demanding.hub.store.identity.demand_second_factor == ("supervisor", "administrator")
        assert set(DEMAND_SECOND_FACTOR) == {"supervisor", "administrator"}
        demanding.stop_hub()
        file = demanding.hub_folder / hub_folder.CONFIG_FILE
        file.write_text(file.read_text().replace('"supervisor"', '"king"'))
        with pytest.raises(hub_folder.NotAHub):
            hub_folder.load(demanding.hub_folder)

    def test_a_one_time_password_is_changed_before_anything_else(self, region: Region) -> None:
        sari = Officer(region, "sari", "analyst")
        code = region.hub.store.administration.reset("sari", by="command line")
        assert sari.sign_in().status_code == 403
        sari.sign_in(code)
        assert sari.get("/").location == "/akun-saya"
        assert "Pasang kode masuk" not in sari.read("/akun-saya"), "one thing at a time"
        done = sari.post("/akun-saya/sandi", page="/akun-saya", old=code, new=NEW, again=NEW)
        assert done.location == "/akun-saya?done=password"
        assert sari.get("/").status_code == 200


class TestPassword:
    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"old": "salah", "new": NEW, "again": NEW}, "Kata sandi sekarang salah."),
            ({"old": PASSWORD, "new": NEW, "again": "lain sekali ya"}, "tidak sama"),
            ({"old": PASSWORD, "new": "pendek", "again": "pendek"}, "paling sedikit 12 huruf"),
            ({"old": PASSWORD, "new": "password1234", "again": "password1234"}, "mudah ditebak"),
            ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "harus lain"),
        ],
    )
    def test_what_is_refused_is_said_and_not_repeated(
        self, sari: Officer, typed: dict[str, str], said: str
    ) -> None:
        answer = sari.post("/akun-saya/sandi", page="/akun-saya", **typed)
        assert answer.status_code == 422
        assert said in answer.text
        assert PASSWORD not in answer.text
        assert NEW not in answer.text
        assert sari.region.hub.store.accounts.sign_in("sari", PASSWORD) is not None

    def test_a_new_one_ends_the_other_sessions(self, sari: Officer) -> None:
        other = sari.region.hub.create_app().test_client()
        with other.session_transaction() as session:
            session["id"] = sari.region.hub.store.accounts.begin_session("sari")
        assert other.get("/").status_code == 200
        sari.post("/akun-saya/sandi", page="/akun-saya", old=PASSWORD, new=NEW, again=NEW)
        assert other.get("/").status_code == 303
        assert sari.get("/").status_code == 200

    def test_guessing_it_at_an_open_browser_must_wait(self, sari: Officer) -> None:
        typed = {"old": "salah", "new": NEW, "again": NEW}
        answers = [sari.post("/akun-saya/sandi", page="/akun-saya", **typed).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]


def test_other_sessions_can_be_ended(sari: Officer) -> None:
    accounts = sari.region.hub.store.accounts
    other = accounts.begin_session("sari")
    assert sari.read("/akun-saya").count("terakhir dipakai") == 2
    sari.post("/akun-saya/sesi/akhiri", page="/akun-saya")
    assert accounts.session(other) is None
    assert sari.get("/akun-saya").status_code == 200
