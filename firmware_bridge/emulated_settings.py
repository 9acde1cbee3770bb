"""What an emulated device remembers: owner, LoRa and other settings, channels. And how admin changes it.

Order of the configuration download and what makes a device reboot follow firmware 2.7.26.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from firmware_bridge.mesh_frames import ChannelKey, KeyPair
from firmware_bridge.meshtastic_protobufs import (
    admin_pb2,
    channel_pb2,
    config_pb2,
    mesh_pb2,
    module_config_pb2,
    telemetry_pb2,
)
from firmware_bridge.modem_presets import preset_of
from sync.airtime import Preset
from sync.sealing.radio_plan import PRESET_NUMBERS

CHANNEL_PLACES = 8
PORTDUINO_HARDWARE = 37
FIRMWARE_VERSION = "2.7.26.emulated"
DEFAULT_SLOT = 20
"""SG_923 slot 20 at 250 kHz is 921.875 MHz, inside 920-923."""

CONFIG_ORDER = (
    "device",
    "position",
    "power",
    "network",
    "display",
    "lora",
    "bluetooth",
    "security",
    "sessionkey",
    "device_ui",
)
MODULE_ORDER = (
    "mqtt",
    "serial",
    "external_notification",
    "store_forward",
    "range_test",
    "telemetry",
    "canned_message",
    "audio",
    "remote_hardware",
    "neighbor_info",
    "ambient_lighting",
    "detection_sensor",
    "paxcounter",
)
EMPTY_MODULES = 3
"""Firmware 2.7.26 sends three module configurations with nothing in them after the known ones."""

REBOOTING_SECTIONS = ("device", "lora", "security")
"""Settings of these sections take effect at the next start."""

SETTINGS_REBOOT_S = 7.0
"""How long the firmware waits after changed settings before it restarts."""

NO_NODES_NONCE = 69420
NODES_ONLY_NONCE = 69421
"""Numbers in `want_config_id` that ask for a part of the download."""


@dataclass(frozen=True)
class Tuning:
    """What two devices must have in common to hear each other."""

    preset: Preset
    region: int
    slot: int
    frequency_mhz: float


@dataclass(frozen=True)
class AdminOutcome:
    """What an admin message led to: an answer for the client, and whether the device must restart."""

    response: admin_pb2.AdminMessage | None = None
    reboot_in_s: float | None = None


class EmulatedSettings:
    """The settings of one device, as protobufs, ready to use: region set, channel `serial` at index 1."""

    def __init__(self, number: int, preset_name: str, channel_psk: bytes, random: Random) -> None:
        self.number = number
        self.reboot_count = 1
        self.metrics: telemetry_pb2.DeviceMetrics | None = None
        self.keys = KeyPair(random.randbytes(32))
        self._sections = {name: _section_of(config_pb2.Config(), name) for name in CONFIG_ORDER}
        self._modules = {name: _section_of(module_config_pb2.ModuleConfig(), name) for name in MODULE_ORDER}
        lora = self.lora
        lora.use_preset = True
        lora.modem_preset = PRESET_NUMBERS[preset_name]
        lora.region = config_pb2.Config.LoRaConfig.RegionCode.SG_923
        lora.hop_limit = 3
        lora.tx_enabled = True
        lora.channel_num = DEFAULT_SLOT
        self.owner = mesh_pb2.User(
            id=f"!{number:08x}",
            long_name=f"Emulated {number & 0xFFFF:04x}",
            short_name=f"{number & 0xFFFF:04x}",
            hw_model=PORTDUINO_HARDWARE,
            public_key=self.keys.public_bytes,
        )
        security = self._sections["security"].security
        security.public_key = self.keys.public_bytes
        security.private_key = self.keys.private_bytes
        self.channels = [channel_pb2.Channel(index=index) for index in range(CHANNEL_PLACES)]
        self.channels[0].role = channel_pb2.Channel.Role.PRIMARY
        self.channels[0].settings.psk = b"\x01"
        self.channels[1].role = channel_pb2.Channel.Role.SECONDARY
        self.channels[1].settings.name = "serial"
        self.channels[1].settings.psk = channel_psk
        self._is_editing = False

    @property
    def lora(self) -> config_pb2.Config.LoRaConfig:
        """Return the LoRa section, to read or to change."""
        return self._sections["lora"].lora

    @property
    def device(self) -> config_pb2.Config.DeviceConfig:
        """Return the device section, to read or to change."""
        return self._sections["device"].device

    @property
    def tuning(self) -> Tuning:
        """Return frequency and modem settings."""
        lora = self.lora
        return Tuning(preset_of(lora), lora.region, lora.channel_num, lora.override_frequency)

    @property
    def can_transmit(self) -> bool:
        """Tell whether the radio part is on: a region is set and sending is not switched off."""
        return bool(self.lora.region) and self.lora.tx_enabled

    def channel_key(self, index: int) -> ChannelKey | None:
        """Return name and key of an enabled channel, or None."""
        if not 0 <= index < CHANNEL_PLACES:
            return None
        channel = self.channels[index]
        if channel.role == channel_pb2.Channel.Role.DISABLED:
            return None
        primary_psk = self.channels[0].settings.psk
        # An unnamed channel goes by the preset's name; a secondary without a key uses the primary's.
        name = channel.settings.name or preset_of(self.lora).name
        return ChannelKey(name, channel.settings.psk or primary_psk)

    def node_info(self) -> mesh_pb2.NodeInfo:
        """Return the device's own entry in the node database, with what it measured last."""
        return mesh_pb2.NodeInfo(num=self.number, user=self.owner, device_metrics=self.metrics)

    def download(self, others: list[mesh_pb2.NodeInfo], nonce: int) -> Iterator[mesh_pb2.FromRadio]:
        """Yield the configuration download for one `want_config_id`, in the firmware's order.

        Nonce 69420 leaves the other nodes out, 69421 everything but the nodes.
        """
        if nonce != NODES_ONLY_NONCE:
            yield from self._download_settings(len(others) + 1)
        else:
            yield mesh_pb2.FromRadio(node_info=self.node_info())
        if nonce != NO_NODES_NONCE:
            for other in others:
                yield mesh_pb2.FromRadio(node_info=other)
        if nonce != NODES_ONLY_NONCE:
            file = mesh_pb2.FileInfo(file_name="/prefs/config.proto", size_bytes=512)
            yield mesh_pb2.FromRadio(fileInfo=file)
        yield mesh_pb2.FromRadio(config_complete_id=nonce)

    def _download_settings(self, known_nodes: int) -> Iterator[mesh_pb2.FromRadio]:
        yield mesh_pb2.FromRadio(
            my_info=mesh_pb2.MyNodeInfo(
                my_node_num=self.number,
                reboot_count=self.reboot_count,
                min_app_version=30200,
                pio_env="native",
                nodedb_count=known_nodes,
            )
        )
        ui = mesh_pb2.FromRadio()
        ui.deviceuiConfig.SetInParent()
        yield ui
        yield mesh_pb2.FromRadio(node_info=self.node_info())
        yield mesh_pb2.FromRadio(metadata=self.metadata())
        for channel in self.channels:
            yield mesh_pb2.FromRadio(channel=channel)
        for name in CONFIG_ORDER:
            yield mesh_pb2.FromRadio(config=self._sections[name])
        for name in MODULE_ORDER:
            yield mesh_pb2.FromRadio(moduleConfig=self._modules[name])
        for _ in range(EMPTY_MODULES):
            empty = mesh_pb2.FromRadio()
            empty.moduleConfig.SetInParent()
            yield empty

    def metadata(self) -> mesh_pb2.DeviceMetadata:
        """Return what the device says of its firmware."""
        return mesh_pb2.DeviceMetadata(
            firmware_version=FIRMWARE_VERSION,
            device_state_version=24,
            role=self.device.role,
            hw_model=PORTDUINO_HARDWARE,
            hasPKC=True,
        )

    def apply_admin(self, admin: admin_pb2.AdminMessage) -> AdminOutcome:
        """Answer or carry out one admin message; those not emulated change nothing and answer nothing."""
        variant = admin.WhichOneof("payload_variant")
        if variant is not None and variant.endswith("_request"):
            return AdminOutcome(response=self._answer(admin, variant))
        if variant == "begin_edit_settings":
            self._is_editing = True
            return AdminOutcome()
        if variant == "commit_edit_settings":
            self._is_editing = False
            return AdminOutcome(reboot_in_s=SETTINGS_REBOOT_S)
        if variant == "reboot_seconds":
            return AdminOutcome(reboot_in_s=float(max(0, admin.reboot_seconds)))
        needs_reboot = self._change(admin, variant) and not self._is_editing
        return AdminOutcome(reboot_in_s=SETTINGS_REBOOT_S if needs_reboot else None)

    def _answer(self, admin: admin_pb2.AdminMessage, variant: str) -> admin_pb2.AdminMessage | None:
        if variant == "get_owner_request":
            return admin_pb2.AdminMessage(get_owner_response=self.owner)
        if variant == "get_device_metadata_request":
            return admin_pb2.AdminMessage(get_device_metadata_response=self.metadata())
        if variant == "get_channel_request" and 1 <= admin.get_channel_request <= CHANNEL_PLACES:
            # The request counts from 1, because 0 would not be sent at all.
            channel = self.channels[admin.get_channel_request - 1]
            return admin_pb2.AdminMessage(get_channel_response=channel)
        if variant == "get_config_request" and admin.get_config_request < len(CONFIG_ORDER):
            section = self._sections[CONFIG_ORDER[admin.get_config_request]]
            return admin_pb2.AdminMessage(get_config_response=section)
        if variant == "get_module_config_request" and admin.get_module_config_request < len(MODULE_ORDER):
            module = self._modules[MODULE_ORDER[admin.get_module_config_request]]
            return admin_pb2.AdminMessage(get_module_config_response=module)
        return None

    def _change(self, admin: admin_pb2.AdminMessage, variant: str | None) -> bool:
        """Carry out a `set_...`; return whether it takes a restart."""
        if variant == "set_owner":
            for name in ("long_name", "short_name"):
                if getattr(admin.set_owner, name):
                    setattr(self.owner, name, getattr(admin.set_owner, name))
            return True
        if variant == "set_channel" and 0 <= admin.set_channel.index < CHANNEL_PLACES:
            self.channels[admin.set_channel.index].CopyFrom(admin.set_channel)
            return False
        if variant == "set_config":
            name = admin.set_config.WhichOneof("payload_variant")
            if name is not None and name != "security":
                self._sections[name].CopyFrom(admin.set_config)
            return name in REBOOTING_SECTIONS
        if variant == "set_module_config":
            name = admin.set_module_config.WhichOneof("payload_variant")
            if name in self._modules:
                self._modules[name].CopyFrom(admin.set_module_config)
            return True
        return False


def _section_of(message: Any, name: str) -> Any:
    """Choose `name` in a message's oneof, so that it is sent even when all its fields are 0."""
    getattr(message, name).SetInParent()
    return message
