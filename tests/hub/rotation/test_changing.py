"""hub.key with another sealing key: whatever cuts it off, it opens all that it opened before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from killed import killed_at

from hub import key_file
from hub.key_file import HubSecrets, read_secrets, write_plain, write_protected
from hub.rotation import changing
from hub.rotation.changing import rewrite, with_new_key, without_old_key
from sync.passwords import Cost
from sync.storage import private_files

TRACED = {changing.__file__, key_file.__file__, private_files.__file__}
ONE = HubSecrets(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32)
TWO = with_new_key(ONE)
PASSPHRASE = "kentongan bertalu-talu"


def test_another_key_stands_beside_the_old_one_and_only_once() -> None:
    assert (TWO.retiring, TWO.signing, TWO.session) == (ONE.sealing, ONE.signing, ONE.session)
    assert TWO.sealing != ONE.sealing
    with pytest.raises(key_file.NotAHub, match="a key is being retired already"):
        with_new_key(TWO)
    assert without_old_key(TWO) == HubSecrets(TWO.sealing, ONE.signing, ONE.session)
    assert HubSecrets.from_bytes(TWO.to_bytes()) == TWO


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("change", [with_new_key, without_old_key])
def test_a_kill_at_any_step_leaves_what_was_or_what_is_to_be(
    tmp_path: Path,
    protected: bool,
    change: Callable[[HubSecrets], HubSecrets],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_protected, "__kwdefaults__", {"cost": Cost(8, 1, 1)})
    before = ONE if change is with_new_key else TWO
    after = change(before)
    step, seen = 0, set()

    def begin() -> None:
        if protected:
            write_protected(tmp_path, before, PASSPHRASE)
        else:
            write_plain(tmp_path, before)

    begin()
    while killed_at(step, lambda: rewrite(tmp_path, after, lambda: PASSPHRASE), TRACED):
        now = read_secrets(tmp_path, lambda: PASSPHRASE)
        assert now in (before, after)
        seen.add(now == after)
        if protected:
            for file in tmp_path.iterdir():
                assert before.sealing.hex() not in file.read_text()
                assert after.sealing.hex() not in file.read_text()
        begin()
        step += 1
    assert step > 15
    assert seen == {False, True}
    assert read_secrets(tmp_path, lambda: PASSPHRASE) == after
