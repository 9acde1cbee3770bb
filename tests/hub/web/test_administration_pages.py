"""An administrator's pages about accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import PASSWORD, Officer
from village import Region, quick_folder

from hub.account_services import account_key
from hub.services import SignedIn

SARI = f"/akun/{account_key('sari')}"


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


@pytest.fixture
def ketut(region: Region) -> Officer:
    officer = Officer(region, "ketut", "administrator")
    region.hub.store.accounts.add("sari", "analyst", PASSWORD, ["52.02"])
    officer.sign_in()
    return officer


def test_a_new_account_gets_a_one_time_password_shown_once(ketut: Officer) -> None:
    typed = {"name": " wayan ", "role": "supervisor", "areas": "53.18, 52"}
    page = ketut.post("/akun/baru", page="/akun/baru", **typed).text
    [code] = re.findall(r'<p class="big-code">([a-z2-7-]{19})</p>', page)
    accounts = ketut.region.hub.store.accounts
    assert accounts.sign_in("wayan", code) == SignedIn("wayan", "supervisor", ("52", "53.18"))
    assert code not in ketut.read("/akun")
    assert "kata sandi sekali pakai" in ketut.read("/akun")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "role": "analyst"}, "1 sampai 64"),
        ({"name": "x", "role": ""}, "Pilih salah satu peran"),
        ({"name": "x", "role": "king"}, "Pilih salah satu peran"),
        ({"name": "x", "role": "analyst", "areas": "99"}, "kode wilayah yang tidak dikenal"),
        ({"name": "sari", "role": "analyst"}, "Sudah ada akun"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(ketut: Officer, typed: dict[str, str], said: str) -> None:
    answer = ketut.post("/akun/baru", page="/akun/baru", **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed["name"]}"' in answer.text
    assert len(ketut.region.hub.store.administration.accounts()) == 2


def test_no_address_holds_a_name(ketut: Officer) -> None:
    page = ketut.read("/akun")
    assert f'href="{SARI}"' in page
    assert not re.search(r'(?:href|action)="[^"]*sari', page + ketut.read(SARI))


def test_role_and_areas_change_at_once(ketut: Officer) -> None:
    assert "(52.02)" in ketut.read(SARI)
    done = ketut.post(SARI + "/ubah", page=SARI, role="supervisor", areas="")
    assert done.location == SARI + "?done=changed"
    assert "seluruh wilayah hub" in ketut.read(done.location)
    assert ketut.region.hub.store.accounts.account("sari") == SignedIn("sari", "supervisor")
    wrong = ketut.post(SARI + "/ubah", page=SARI, role="supervisor", areas="52.xx")
    assert wrong.status_code == 422
    assert "kode wilayah yang tidak dikenal" in wrong.text


def test_locking_resetting_and_ending_sessions(ketut: Officer) -> None:
    accounts = ketut.region.hub.store.accounts
    session = accounts.begin_session("sari")
    ketut.post(SARI + "/akhiri-sesi", page=SARI)
    assert accounts.session(session) is None
    page = ketut.post(SARI + "/atur-ulang", page=SARI).text
    [code] = re.findall(r'<p class="big-code">([a-z2-7-]{19})</p>', page)
    assert accounts.sign_in("sari", code) is not None
    ketut.post(SARI + "/kunci", page=SARI, locked="yes")
    assert accounts.account("sari") is None
    assert "Buka kunci" in ketut.read(SARI)
    ketut.post(SARI + "/kunci", page=SARI, locked="no")
    assert accounts.account("sari") is not None


def test_one_s_own_account_has_no_buttons_here_and_takes_no_change(ketut: Officer) -> None:
    own = f"/akun/{account_key('ketut')}"
    assert "Atur ulang" not in ketut.read(own)
    answer = ketut.post(own + "/kunci", page="/akun/baru", locked="yes")
    assert answer.status_code == 422
    assert "Akun sendiri tidak dapat diubah" in answer.text


def test_an_unknown_account_is_no_page(ketut: Officer) -> None:
    assert ketut.get("/akun/" + "f" * 16).status_code == 404
    assert ketut.get("/akun/sari").status_code == 404
