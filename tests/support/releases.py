"""Small releases for tests: wheels of a few lines, a key of our own, and a folder with a first version."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import sysconfig
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from updater.making import make_release
from updater.release_file import Manifest
from updater.slots import LINK, Slots
from updater.successors import Signed, Statement, chain_bytes, read_chain, signed_text

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
FIRST = "0.1.0"
PROGRAM = "def main():\n    return 0\n"


def manifest(version: str = "0.2.0", **other: object) -> Manifest:
    plain = Manifest(
        version=version,
        leaves="",
        minimum=FIRST,
        machine="any",
        store=0,
        store_floor=0,
        made_at="2026-11-26",
        changes="Formulir lebih cepat.",
        packages=(("kentongan", version), ("unchanged", "1.0")),
        wheels=(),
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def wheel(name: str, version: str, files: Mapping[str, str | bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for path, text in files.items():
            made.writestr(path, text)
        made.writestr(f"{name}-{version}.dist-info/METADATA", f"Name: {name}\nVersion: {version}\n")
        made.writestr(f"{name}-{version}.dist-info/RECORD", "")
    return data.getvalue()


def release(
    version: str = "0.2.0",
    program: str = PROGRAM,
    *,
    key: Ed25519PrivateKey = KEY,
    wheels: Mapping[str, tuple[bytes, str]] | None = None,
    chain: bytes = b"",
    **other: object,
) -> bytes:
    if wheels is None:
        own = wheel("kentongan", version, {"kentongan.py": program})
        wheels = {f"kentongan-{version}-py3-none-any.whl": (own, "")}
    return chain + make_release(manifest(version, **other), wheels, key.sign)


def secret(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def named(
    chain: bytes,
    *,
    by: Ed25519PrivateKey,
    release: Ed25519PrivateKey,
    spares: Sequence[Ed25519PrivateKey],
    agreed: Ed25519PrivateKey | None = None,
) -> bytes:
    """Return a chain with one more statement on keys, whoever signs it: an attacker has this tool, too."""
    before = read_chain(chain)
    publics = [key.public_key().public_bytes_raw() for key in (release, *spares)]
    statement = Statement(len(before) + 1, publics[0], tuple(publics[1:]), "2026-11-27")
    text = signed_text(statement)
    return chain_bytes([*before, Signed(statement, by.sign(text), (agreed or release).sign(text))])


def installed_box(folder: Path, *, paths: Sequence[Path] = (), program: str = PROGRAM) -> Slots:
    """Return a folder like /opt/kentongan in which the installer put a first version.

    `paths` are imported from beside it, through a package that no release changes.
    """
    first = folder / FIRST
    site = first / f"lib/python{sysconfig.get_python_version()}/site-packages"
    site.mkdir(parents=True)
    (first / "bin").mkdir()
    home = Path(os.path.realpath(sys.executable)).parent
    (first / "pyvenv.cfg").write_text(f"home = {home}\ninclude-system-site-packages = false\n")
    (first / "bin/python").symlink_to(os.path.realpath(sys.executable))
    kept = {"unchanged.pth": "".join(f"{path}\n" for path in paths), "unchanged/__init__.py": "VALUE = 1\n"}
    for name, version, files in (
        ("unchanged", "1.0", kept),
        ("kentongan", FIRST, {"kentongan.py": program}),
    ):
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        lines = []
        for path, text in files.items():
            (site / path).parent.mkdir(exist_ok=True)
            (site / path).write_text(text)
            lines.append(f"{path},{_hash(text)},{len(text)}\n")
        (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        lines.append(f"{info.name}/METADATA,,\n../../../bin/{name},,\n{info.name}/RECORD,,\n")
        (info / "RECORD").write_text("".join(lines))
    script = first / "bin/kentongan"
    script.write_text(f"#!{first}/bin/python\nimport sys\nfrom kentongan import main\nsys.exit(main())\n")
    script.chmod(0o755)
    (folder / LINK).symlink_to(FIRST)
    return Slots(folder)


def _hash(text: str) -> str:
    from base64 import urlsafe_b64encode

    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + urlsafe_b64encode(digest).rstrip(b"=").decode()
