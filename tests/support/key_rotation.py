"""A region whose hub takes another sealing key, and destroys the old one."""

from __future__ import annotations

from village import Region

from hub.folder import load
from hub.rotation.changing import rewrite, with_new_key, without_old_key


def no_passphrase() -> str:
    raise AssertionError("hub.key is plain")


def rotate(region: Region) -> None:
    region.stop_hub()
    rewrite(region.hub_folder, with_new_key(load(region.hub_folder).secrets), no_passphrase)
    region.restart_hub()
    region.hub.store.key_teller.turn()


def turn(region: Region, village: str) -> None:
    """Bring a village the new key, and the hub its word."""
    region.settle(village)
    assert region.node(village).key_change.settle()
    region.settle(village)


def keep_and_copy(region: Region) -> None:
    store = region.hub.store
    store.rotation.keep_message_keys()
    region.clock.advance(60)
    store.jobs.backup(region.path / f"off-site-{region.clock.wall_s():.0f}")


def retire(region: Region) -> None:
    keep_and_copy(region)
    region.hub.store.rotation.check()
    destroy(region)


def destroy(region: Region) -> None:
    region.stop_hub()
    rewrite(region.hub_folder, without_old_key(load(region.hub_folder).secrets), no_passphrase)
    region.restart_hub()
