"""A phone joins the village's Wi-Fi, in network namespaces: it gets an address, every name leads to the site,
and it gets nowhere else. Real DHCP, DNS, firewall and box; a pair of veth stands for the radio waves."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from box.node_plan import NodeChoices, node_steps
from box.steps import File
from processes import VILLAGE, Program, run

from tests.box.conftest import needed

PROBES = (
    "http://connectivitycheck.gstatic.com/generate_204",
    "http://captive.apple.com/hotspot-detect.html",
    "http://www.msftconnecttest.com/connecttest.txt",
    "http://detectportal.firefox.com/canonical.html",
)
LEASE = """#!/bin/sh
[ "$1" = bound ] || exit 0
ip addr add "$ip/24" dev "$interface"
ip route replace default via "$router"
echo "$ip $router $dns" > "$LEASE_FILE"
"""


class Village:
    """Three namespaces: the box, a phone on its Wi-Fi, and the office network behind the box's cable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mark = f"kt{os.getpid() % 100_000}"
        self.box, self.phone, self.outside = f"{mark}b", f"{mark}p", f"{mark}o"

    def sh(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(words)}: {done.stderr}")
        return done

    def on(self, space: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.sh("ip", "netns", "exec", space, *words, check=check)

    def make(self) -> None:
        for space in (self.box, self.phone, self.outside):
            self.sh("ip", "netns", "add", space)
            self.on(space, "ip", "link", "set", "lo", "up")
        for near, name, far in ((self.phone, "wlan0", "wlan0"), (self.outside, "eth0", "eth0")):
            self.sh(
                "ip",
                "link",
                "add",
                name,
                "netns",
                near,
                "type",
                "veth",
                "peer",
                "name",
                far,
                "netns",
                self.box,
            )
            self.on(near, "ip", "link", "set", name, "up")
            self.on(self.box, "ip", "link", "set", far, "up")
        self.on(self.box, "ip", "addr", "add", "10.42.0.1/24", "dev", "wlan0")
        self.on(self.box, "ip", "addr", "add", "192.0.2.1/24", "dev", "eth0")
        self.on(self.outside, "ip", "addr", "add", "192.0.2.2/24", "dev", "eth0")
        self.on(self.outside, "ip", "route", "add", "10.42.0.0/24", "via", "192.0.2.1")
        self.on(self.box, "sysctl", "-qw", "net.ipv4.ip_forward=1")  # as NetworkManager's sharing does

    def remove(self) -> None:
        for space in (self.box, self.phone, self.outside):
            self.sh("ip", "netns", "del", space, check=False)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    needed("ip", "nft", "dnsmasq", "busybox", "curl", package="iproute2 nftables dnsmasq-base busybox curl")
    if os.geteuid() != 0:
        pytest.skip("network namespaces are made by root")
    made = Village(tmp_path)
    try:
        made.make()
        yield made
    finally:
        made.remove()


def test_a_phone_is_led_to_the_site_and_nowhere_else(village: Village, tmp_path: Path) -> None:
    steps = node_steps(NodeChoices("{}", "Desa Contoh", "kuka-mipa-lana", way="hostapd"))
    files = {step.path: step.text for step in steps if isinstance(step, File)}
    (tmp_path / "rules").write_text(files["/etc/nftables.conf"])
    village.on(village.box, "nft", "-f", str(tmp_path / "rules"))
    conf = tmp_path / "dnsmasq.conf"
    conf.write_text(files["/etc/dnsmasq.d/kentongan.conf"].replace("/run/", f"{tmp_path}/"))
    dns = subprocess.Popen(
        ["ip", "netns", "exec", village.box, "dnsmasq", "--keep-in-foreground", "--user=root", "--pid-file"]
        + [f"--conf-file={conf}"]
    )
    node, servers = None, [dns]
    try:
        run("hub", "init", str(tmp_path / "hub"))
        enrolment = str(tmp_path / "enrolment.json")
        run("hub", "enrol", str(tmp_path / "hub"), "--village", VILLAGE, "--out", enrolment)
        run("node", "init", str(tmp_path / "node"), "--enrolment", enrolment)
        words = ["serve", str(tmp_path / "node"), "--listen", "0.0.0.0:8080"]
        node = Program(
            tmp_path / "node.log",
            *("node", *words, "--facilitator-listen", "0.0.0.0:8090", "--site-address", "http://10.42.0.1"),
            inside=["ip", "netns", "exec", village.box],
        )
        script = tmp_path / "lease"
        script.write_text(LEASE.replace("$LEASE_FILE", str(tmp_path / "lease.txt")))
        script.chmod(0o755)
        village.on(village.phone, *f"busybox udhcpc -i wlan0 -n -q -t 8 -T 1 -s {script}".split())
        address, router, name_server = (tmp_path / "lease.txt").read_text().split()
        assert address.startswith("10.42.0.")
        assert (router, name_server) == ("10.42.0.1", "10.42.0.1")
        for url in PROBES:
            host = url.split("/")[2]
            found = village.on(village.phone, "busybox", "nslookup", host, "10.42.0.1").stdout
            assert "10.42.0.1" in found.rpartition("Name:")[2], host
            told = village.on(
                village.phone,
                *("curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %{redirect_url}", "-m", "20"),
                *("--resolve", f"{host}:80:10.42.0.1", url),
            ).stdout
            assert told.split(maxsplit=1)[0] == "302", (url, told)
            assert "10.42.0.1" in told, (url, told)
        page = village.on(village.phone, "curl", "-s", "-m", "20", "http://10.42.0.1/").stdout
        assert "<html" in page
        assert "Tetap di Wi-Fi ini" in page
        servers += [_listen(village, village.box, 22), _listen(village, village.outside, 80)]
        deadline = time.monotonic() + 60  # both servers have only just been started
        while not _reaches(village, village.outside, "192.0.2.1", 22) and time.monotonic() < deadline:
            pass
        assert _reaches(village, village.outside, "192.0.2.1", 22), "the technician reaches the box by cable"
        for host, port in (("10.42.0.1", 22), ("192.0.2.1", 22), ("192.0.2.2", 80)):
            assert not _reaches(village, village.phone, host, port), (host, port)
        assert not _reaches(village, village.outside, "192.0.2.1", 8090), (
            "the facilitator's site is on the Wi-Fi alone"
        )
        assert not _reaches(village, village.outside, "10.42.0.1", 8080)
    finally:
        if node is not None:
            node.stop()
        for server in servers:
            server.kill()
            server.wait()


def _listen(village: Village, space: str, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["ip", "netns", "exec", space, "busybox", "nc", "-ll", "-p", str(port), "-e", "/bin/echo", "ada"]
    )


def _reaches(village: Village, space: str, host: str, port: int) -> bool:
    asked = village.on(space, "busybox", "nc", "-w", "1", host, str(port), check=False)
    return asked.returncode == 0 and bool(asked.stdout)
