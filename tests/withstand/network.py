"""Hosts on one machine: network namespaces of Linux on a bridge, which reaches nothing else.

Each namespace has its own addresses, routes and loopback; the bridge lies in one of its own, so
that nothing here touches the interfaces of the machine. It needs root and `ip`.

A thread goes into a namespace (`inside`), and the programs and threads that it starts there stay in
it. See namespaces(7), ip-netns(8) and bridge(8).
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.withstand.engines import Missing, find

NAMES = Path("/run/netns")
SWITCH = "switch"
# Belongs to nobody: what is sent there is lost without a word.
NOWHERE = "02:00:00:00:00:01"


def ip(*arguments):
    """Run `ip`; what it prints."""
    done = subprocess.run(
        [find("ip", "/usr/sbin/ip"), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def here():
    """An open file that stands for the namespace of this thread."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Network:
    """Hosts by their names, each with its addresses, all on one bridge."""

    def __init__(self, hosts):
        self.hosts = hosts
        self.prefix = f"milepost-{os.getpid()}-"
        self.made = []

    def _name(self, host):
        return f"{self.prefix}{host}"

    def build(self):
        """Make everything. Raises Missing with a sentence where that is not allowed."""
        if sys.platform != "linux" or os.geteuid():
            raise Missing("Network namespaces need Linux and root.")
        sweep()
        try:
            self._add(SWITCH)
        except OSError as error:
            raise Missing(f"This machine lets nobody make network namespaces ({error}).") from None
        switch = self._name(SWITCH)
        ip("-n", switch, "link", "add", "bridge", "type", "bridge")
        ip("-n", switch, "link", "set", "bridge", "up")
        for host, addresses in self.hosts.items():
            name = self._add(host)
            # The cable has one end in each, and the machine's own namespace never sees it.
            ip("-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", host,
               "netns", switch)  # fmt: skip
            for address in addresses:
                ip("-n", name, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", switch, "link", "set", host, "master", "bridge", "up")

    def _add(self, host):
        name = self._name(host)
        ip("netns", "add", name)
        self.made.append(name)
        ip("-n", name, "link", "set", "lo", "up")
        return name

    @contextlib.contextmanager
    def inside(self, host):
        """For the block, this thread is on that host, and so is whatever it starts."""
        before, there = here(), os.open(NAMES / self._name(host), os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.setns(there, os.CLONE_NEWNET)
            yield
        finally:
            os.setns(before, os.CLONE_NEWNET)
            os.close(there)
            os.close(before)

    @contextlib.contextmanager
    def unplugged(self, host):
        """For the block, the cable of this host is out: it reaches nobody, and nobody it."""
        ip("-n", self._name(SWITCH), "link", "set", host, "down")
        try:
            yield
        finally:
            ip("-n", self._name(SWITCH), "link", "set", host, "up")

    @contextlib.contextmanager
    def lost(self, address, *hosts):
        """For the block, what these hosts send to this address is lost on the way, unsaid."""
        for host in hosts:
            ip("-n", self._name(host), "neigh", "replace", address, "lladdr", NOWHERE,
               "dev", "eth0", "nud", "permanent")  # fmt: skip
        try:
            yield
        finally:
            for host in hosts:
                ip("-n", self._name(host), "neigh", "del", address, "dev", "eth0")

    def remove(self):
        """Take everything down again; the processes that were still in it, which are killed."""
        return [pid for name in self.made for pid in _remove(name)]


def _remove(name):
    """Delete a namespace, and kill what runs in it; cables and bridges go with it."""
    left = list(map(int, ip("netns", "pids", name).split()))
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    ip("netns", "del", name)
    return left


def sweep():
    """Remove what a run left behind that was killed."""
    for path in NAMES.glob("milepost-*"):
        found = re.fullmatch(r"milepost-(\d+)-[a-z]+", path.name)
        if found and not Path("/proc", found[1]).exists():
            _remove(path.name)


def wait_for_end_of(pids, seconds):
    """The processes among these that still run after so long."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if Path("/proc", str(pid)).exists()]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    return left
