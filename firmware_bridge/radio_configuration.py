"""What a radio says of itself in the configuration download, gathered message by message."""

from __future__ import annotations

from google.protobuf.message import DecodeError

from firmware_bridge.frequency_slots import DUTY_CYCLE_BY_REGION
from firmware_bridge.meshtastic_protobufs import channel_pb2, config_pb2, mesh_pb2, telemetry_pb2
from firmware_bridge.modem_presets import preset_of
from sync.airtime import Preset

NO_NODES_NONCE = 69420
"""As `want_config_id`, leaves the other nodes out: the rest takes 30 ms, the nodes may take seconds."""


class RadioConfiguration:
    """The parts of the download that matter here; empty until `absorb` has seen them."""

    def __init__(self) -> None:
        self.own_number: int | None = None
        self.owner = mesh_pb2.User()
        self.firmware_version: str | None = None
        self.lora: config_pb2.Config.LoRaConfig | None = None
        self.device: config_pb2.Config.DeviceConfig | None = None
        self.channel_utilisation: float | None = None
        self.channels: dict[int, channel_pb2.Channel] = {}

    @property
    def region_duty_cycle(self) -> float:
        """Return the share of the time that the radio's region allows: 1 where it sets no limit."""
        if self.lora is None or self.lora.override_duty_cycle:
            return 1.0
        names = config_pb2.Config.LoRaConfig.RegionCode.DESCRIPTOR.values_by_number
        region = names.get(self.lora.region)  # None for a region of newer firmware
        return 1.0 if region is None else DUTY_CYCLE_BY_REGION.get(region.name, 1.0)

    @property
    def is_usable(self) -> bool:
        """Tell whether the download brought what a `Radio` needs."""
        return self.own_number is not None and self.lora is not None and bool(self.channels)

    @property
    def preset(self) -> Preset | None:
        """Return the modem settings, once known."""
        return preset_of(self.lora) if self.lora is not None else None

    def absorb(self, message: mesh_pb2.FromRadio) -> None:
        """Take in one message of the download; others are ignored."""
        variant = message.WhichOneof("payload_variant")
        if variant == "my_info":
            self.own_number = int(message.my_info.my_node_num)
        elif variant == "metadata":
            self.firmware_version = str(message.metadata.firmware_version)
        elif variant == "channel":
            self.channels[message.channel.index] = message.channel
        elif variant == "node_info" and message.node_info.num == self.own_number:
            self.owner = message.node_info.user
            self.channel_utilisation = utilisation_of(message.node_info.device_metrics)
        elif variant == "config":
            if message.config.HasField("lora"):
                self.lora = message.config.lora
            elif message.config.HasField("device"):
                self.device = message.config.device

    def channel_index(self, name: str) -> int | None:
        """Return the index of the enabled channel with that name."""
        for index, channel in sorted(self.channels.items()):
            if channel.role != channel_pb2.Channel.Role.DISABLED and channel.settings.name == name:
                return index
        return None

    def transmit_problem(self) -> str | None:
        """Return why the radio does not transmit, in one line, or None when it does."""
        if self.lora is None:
            return None
        if not self.lora.region:
            return "the radio has no region set and stays silent: run `kentongan radio setup`"
        if not self.lora.tx_enabled:
            return "sending is switched off on the radio: run `kentongan radio setup`"
        return None


def utilisation_of(metrics: telemetry_pb2.DeviceMetrics) -> float | None:
    """Return the share of the last minute, 0 to 1, in which the channel was in use; None where not told."""
    if not metrics.HasField("channel_utilization"):
        return None
    percent = float(metrics.channel_utilization)
    # Frames at the same time count twice in the firmware, and a float from outside may be no number.
    return min(1.0, percent / 100) if percent >= 0 else None


def utilisation_in_telemetry(payload: bytes) -> float | None:
    """Return the same out of the payload of a TELEMETRY_APP packet; None for other or broken telemetry."""
    telemetry = telemetry_pb2.Telemetry()
    try:
        telemetry.ParseFromString(payload)
    except DecodeError:
        return None
    return utilisation_of(telemetry.device_metrics) if telemetry.HasField("device_metrics") else None
