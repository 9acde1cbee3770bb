"""What nodes and gateways get over HTTP, whatever they send."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from village import STORY, Region, dump, reached

from sync.carriers.https import CONTENT_TYPE, EXCHANGE_PATH, FRAMES_PATH
from sync.storage.writer import StorageError
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES, UpBundle, encode_up_bundle

PATHS = [EXCHANGE_PATH, FRAMES_PATH]


@pytest.fixture
def client(region: Region) -> FlaskClient:
    return region.hub.create_app().test_client()


def test_an_exchange_needs_no_cookie_and_sets_none(region: Region, client: FlaskClient) -> None:
    taken = region.file()
    node = region.node()
    response = client.post(EXCHANGE_PATH, data=node.desk.up_bundle().data)
    assert response.status_code == 200
    assert response.content_type == CONTENT_TYPE
    assert "Set-Cookie" not in response.headers
    node.desk.apply_down_bundle(response.data)
    assert "received" in reached(node, taken.code)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(client: FlaskClient, path: str, method: str) -> None:
    assert client.open(path, method=method).status_code == 405


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"", b"hello", b"KTGB", b"KTGB\x01\x01" + bytes(500), bytes(1024)])
def test_nonsense_is_400_in_one_line_and_changes_nothing(
    region: Region, client: FlaskClient, path: str, body: bytes
) -> None:
    before = dump(region.hub_folder)
    response = client.post(path, data=body)
    assert response.status_code == 400
    assert response.text.count("\n") == 1
    assert dump(region.hub_folder) == before


def test_a_bundle_for_the_other_address_is_400(region: Region, client: FlaskClient) -> None:
    assert client.post(FRAMES_PATH, data=encode_up_bundle(UpBundle(()))).status_code == 400


def test_a_node_of_another_hub_is_403(region: Region, client: FlaskClient) -> None:
    stranger = Region(region.path / "elsewhere", region.clock)
    try:
        stranger.file()
        bundle = stranger.node().desk.up_bundle().data
    finally:
        stranger.close()
    before = dump(region.hub_folder)
    response = client.post(EXCHANGE_PATH, data=bundle)
    assert response.status_code == 403
    assert "another hub" in response.text
    assert dump(region.hub_folder) == before


@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_too_large_is_413(client: FlaskClient, path: str) -> None:
    assert client.post(path, data=bytes(MAX_BUNDLE_BYTES + 1)).status_code == 413


def test_a_store_that_fails_is_503_and_nothing_is_receipted(
    region: Region, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = region.file()
    node = region.node()

    def failing(job: Callable[[], object]) -> object:
        raise StorageError(STORY)

    monkeypatch.setattr(region.hub.store.writer, "run", failing)
    response = client.post(EXCHANGE_PATH, data=node.desk.up_bundle().data)
    assert response.status_code == 503
    assert "Malaysia" not in response.text
    monkeypatch.undo()
    region.settle()
    assert "received" in reached(node, taken.code)


def test_a_fault_of_ours_is_500_and_tells_nothing(
    region: Region, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    def broken(*_: object, **__: object) -> object:
        raise RuntimeError(STORY)

    monkeypatch.setattr(region.hub.desk, "exchange", broken)
    response = client.post(EXCHANGE_PATH, data=b"x")
    assert response.status_code == 500
    assert "Malaysia" not in response.text + caplog.text
