"""`kentongan node init`: a box out of its enrolment."""

from __future__ import annotations

from pathlib import Path

import click

from sync.command_line import note, print_json, refuse
from sync.errors import EnrolmentRefused
from village_node import folder as node_folder
from village_node.config import NodeConfig

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.command()
@DIR
@click.option(
    "--enrolment",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file from the hub, a photo of its QR code, or a file with the lines typed from the paper.",
)
def init(folder: Path, enrolment: Path) -> None:
    """Make a node in DIR out of an enrolment.

    Prints its fingerprint, to compare by voice, and the code with which the facilitator sets a PIN. The
    material that the enrolment names is taken from a .pack beside it; the radio gets its settings from
    kentongan node setup-radio DIR.
    """
    from sync.sealing.derivation import spoken_fingerprint

    try:
        given = enrolment.read_bytes()
    except OSError:
        refuse(f"the enrolment file {enrolment} cannot be read: make one with kentongan hub enrol")
    from village_node.enrolment_reading import read_enrolment
    from village_node.first_material import take_first_material
    from village_node.pin import reset_pin_here
    from village_node.store_wiring import NodeStore

    try:
        identity = node_folder.create(folder, read_enrolment(given).to_text())
        store = NodeStore(NodeConfig(folder))  # makes the database
        try:
            code = reset_pin_here(store.log)
            material = take_first_material(store.material, identity.enrolment.material, enrolment.parent)
        finally:
            store.close()
    except EnrolmentRefused as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"cannot write to {folder} ({error.strerror})")
    print_json(
        {
            "village": identity.enrolment.village,
            "node": identity.enrolment.node_number,
            "fingerprint": spoken_fingerprint(identity.static.public),
            "facilitator_code": code,
            "radio": None if identity.enrolment.radio is None else identity.enrolment.radio.key_fingerprint,
            "material": material,
        }
    )
    note("The facilitator's first page asks for facilitator_code, once, to set a PIN.")
    note("Delete the enrolment file, its photo and its paper: it is a key, and works for this node alone.")
