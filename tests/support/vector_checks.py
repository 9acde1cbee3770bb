"""Every golden vector against the code, on whatever machine this runs: needs no package that only tests need.

The suite runs it here; `scripts/check-aarch64` runs this file as a program on an emulated ARM board and
compares. `python vector_checks.py [REPORTS]` prints JSON: what was checked, what differed, and a digest of so
many sample reports in each text model, which must be the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
import platform
import runpy
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sync.identifiers import Lane, epoch_id
from sync.records import check_report
from sync.sealing.derivation import KeyPair
from sync.sealing.downlink import StaticKeys
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import from_code, to_lines, to_qr
from sync.sealing.epoch import OpeningEpoch
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from sync.wire.bundle_codec import (
    decode_down_bundle,
    decode_gateway_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_gateway_bundle,
    encode_up_bundle,
)
from sync.wire.frame_codec import decode_frame, encode_frame
from sync.wire.numbers import BundleKind
from sync.wire.report_codec import FIELDS_MODEL, decode_report, encode_report
from sync.wire.text_models import TEXT_MODELS

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"
SAMPLE = ROOT / "tests" / "data" / "reports-train.jsonl"
DEFLATE = 1
"""The text model whose packer is zlib's: another zlib may write other bytes, all must read the same."""


@dataclass
class Outcome:
    """What one file of vectors gave."""

    checked: int = 0
    differences: list[str] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, name: str, problem: str | None) -> None:
        self.checked += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if problem is not None:
            self.differences.append(f"{name}: {problem}")


@cache
def _built() -> dict[str, Any]:
    scripts = ROOT / "scripts"
    if str(scripts) not in sys.path:
        sys.path.append(str(scripts))
    return runpy.run_path(str(scripts / "make-protocol-vectors"))


def _attempt(check: Callable[[dict[str, Any]], str | None], case: dict[str, Any]) -> str | None:
    try:
        return check(case)
    except Exception as error:  # whatever it is, the rest of the vectors are still to be checked
        return f"{type(error).__name__}: {error}"


def _report_problem(case: dict[str, Any]) -> str | None:
    wire, report = bytes.fromhex(case["hex"]), check_report(case["report"])
    if decode_report(wire) != report:
        return "reads differently"
    if case["fields_model"] != FIELDS_MODEL or case["text_model"] == DEFLATE:
        return None  # an older fields model is only read
    written = encode_report(report, text_model=case["text_model"])
    return None if written == wire else "writes differently"


def check_reports(cases: list[dict[str, Any]]) -> Outcome:
    outcome = Outcome()
    for case in cases:
        kind = f"fields {case['fields_model']}, text {case['text_model']}"
        outcome.note(kind, f"{case['name']} ({kind})", _attempt(_report_problem, case))
    return outcome


def _frame_problem(case: dict[str, Any]) -> str | None:
    wire, frame = bytes.fromhex(case["hex"]), dict(_built()["frames"]())[case["name"]]
    if decode_frame(wire) != frame:
        return "reads differently"
    return None if encode_frame(frame) == wire else "writes differently"


def check_frames(cases: list[dict[str, Any]]) -> Outcome:
    outcome = Outcome()
    for case in cases:
        outcome.note(case["name"].split(":")[0].split(" + ")[0], case["name"], _attempt(_frame_problem, case))
    return outcome


def _bundle_problem(case: dict[str, Any]) -> str | None:
    name, wire = case["name"], bytes.fromhex(case["hex"])
    if dict(_built()["bundles"]())[name] != wire:
        return "writes differently"
    if name.startswith("up"):
        again = encode_up_bundle(decode_up_bundle(wire))
    elif name.startswith("down"):
        again = encode_down_bundle(decode_down_bundle(wire))
    else:
        again = encode_gateway_bundle(decode_gateway_bundle(wire, BundleKind[name.upper().replace(" ", "_")]))
    return None if again == wire else "does not come back the same"


def check_bundles(cases: list[dict[str, Any]]) -> Outcome:
    outcome = Outcome()
    for case in cases:
        outcome.note(case["name"], case["name"], _attempt(_bundle_problem, case))
    return outcome


def _opening_problem(case: dict[str, Any]) -> str | None:
    hub, node = (KeyPair.from_private(bytes.fromhex(case[name])) for name in ("hub_private", "node_private"))
    psk, enc = bytes.fromhex(case["psk"]), bytes.fromhex(case["enc"])
    epoch = OpeningEpoch.derive(
        enc, hub=hub, node_public=node.public, psk=psk, node_number=case["node_number"]
    )
    for envelope in case["envelopes"]:
        opened = epoch.open(Lane(envelope["lane"]), envelope["counter"], bytes.fromhex(envelope["sealed"]))
        if (opened.plain.hex(), opened.receipt_code) != (envelope["plain"], envelope["receipt_code"]):
            return "opens differently"
    return None if epoch_id(enc).hex() == case["epoch_id"] else "names its epoch differently"


def _downlink_problem(case: dict[str, Any], keys: dict[str, Any]) -> str | None:
    hub, node = (KeyPair.from_private(bytes.fromhex(keys[name])) for name in ("hub_private", "node_private"))
    psk = bytes.fromhex(keys["psk"])
    static = StaticKeys(own_private=node.private, other_public=hub.public, psk=psk)
    place = case["generation"], case["down_counter"]
    reporter = ReceiptKeys(case["receipt_code"], receipt_salt(psk))
    opened = (
        static.open_down(*place, bytes.fromhex(case["down_sealed"])),
        reporter.open_answer(*place, bytes.fromhex(case["answer_sealed"])),
    )
    return None if [o.hex() for o in opened] == [case["down_plain"], case["answer_plain"]] else "opens wrong"


def check_sealing(cases: list[dict[str, Any]]) -> Outcome:
    """Seal everything again from its keys, and open what was sealed."""
    outcome = Outcome()
    by_name = {case["name"]: case for case in cases}
    built = {case["name"]: case for case in _built()["sealing"]()}
    for name, case in by_name.items():
        problem = None if built.get(name) == case else "seals or derives differently"
        if name == "epoch":
            problem = problem or _attempt(_opening_problem, case)
        elif name == "downlink":
            problem = problem or _attempt(lambda case: _downlink_problem(case, by_name["epoch"]), case)
        outcome.note(name.split(":")[0], name, problem)
    return outcome


def _enrolment_problem(case: dict[str, Any]) -> str | None:
    enrolment = Enrolment.from_text(case["file"])
    if enrolment.to_text() != case["file"]:
        return "writes another file"
    if "code" not in case:
        return None
    if not from_code(case["code"]) == enrolment == from_code("\n".join(case["lines"])):
        return "reads another enrolment"
    written = (to_qr(enrolment), to_lines(enrolment))
    return None if written == (case["code"], case["lines"]) else "writes another code"


def check_enrolments(cases: list[dict[str, Any]]) -> Outcome:
    """Read every enrolment from its file, its code and its lines, and write it again."""
    outcome = Outcome()
    for case in cases:
        outcome.note(case["name"].split(",")[0], case["name"], _attempt(_enrolment_problem, case))
    return outcome


CHECKS: dict[str, Callable[[list[dict[str, Any]]], Outcome]] = {
    "reports.json": check_reports,
    "frames.json": check_frames,
    "bundles.json": check_bundles,
    "sealing.json": check_sealing,
    "enrolments.json": check_enrolments,
}
"""File in tests/vectors -> who checks it."""


def check_all(vectors: Path = VECTORS) -> dict[str, Outcome]:
    """Check every file of vectors there is; one that nobody checks is a difference."""
    outcomes = {}
    for file in sorted(vectors.glob("*.json")):
        cases = json.loads(file.read_text(encoding="utf-8"))
        check = CHECKS.get(file.name)
        outcomes[file.name] = (
            Outcome(0, [f"{file.name}: nobody checks this file"]) if check is None else check(cases)
        )
    return outcomes


def digest_of_sample(text_model: int, count: int) -> str:
    """Return a hash over the first sample reports as that model writes them; each is read back too."""
    digest = hashlib.sha256()
    for line in SAMPLE.read_text(encoding="utf-8").splitlines()[:count]:
        report = check_report(json.loads(line)["report"])
        wire = encode_report(report, text_model=text_model)
        if decode_report(wire) != report:
            digest.update(b"does not come back")
        digest.update(len(wire).to_bytes(4, "big") + wire)
    return digest.hexdigest()


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    outcomes = check_all()
    result = {
        "machine": platform.machine(),
        "byte_order": sys.byteorder,
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "vectors": {name: {"checked": o.checked, "kinds": o.kinds} for name, o in outcomes.items()},
        "differences": [line for o in outcomes.values() for line in o.differences],
        "sample_reports": count,
        "sample": {
            str(number): digest_of_sample(number, count) for number in TEXT_MODELS if number != DEFLATE
        },
    }
    print(json.dumps(result))
    return 1 if result["differences"] else 0


if __name__ == "__main__":
    sys.exit(main())
