"""The files in `deploy/`: what they name is there, and what they promise stands in each of them."""

import configparser
import json
import os
import re
import subprocess
import tomllib

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from config.known_settings import variables
from tests.serving import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
# What others than Milepost are set up with, and what Python itself reads.
FOREIGN = {
    *("POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"),
    *("SITE_ADDRESS", "MILEPOST", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"),
}


class Multiple(dict):
    """Keys of a unit may be repeated: their values come together."""

    def __setitem__(self, key, value):
        if key in self and isinstance(value, list) and isinstance(self[key], list):
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def unit(path):
    """A section `Service` as a dict of lists."""
    parser = configparser.RawConfigParser(
        strict=False, dict_type=Multiple, interpolation=None, delimiters=("=",)
    )
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return {key: value.split("\n") for key, value in parser["Service"].items()}


def test_no_server_of_nginx_writes_down_addresses_of_readers():
    servers = re.findall(r"^server \{$(.*?)^\}$", NGINX, re.MULTILINE | re.DOTALL)
    assert len(servers) == 3
    for server in servers:
        assert re.findall(r"access_log \S+ (\w+);", server) == ["milepost"]


# The command --------------------------------------------------------------------------------------


def run_command(tmp_path, settings, *arguments):
    """`deploy/milepost` in a folder of its own, with a `runuser` that shows what it is given."""
    text = (DEPLOY / "milepost").read_text(encoding="utf-8")
    (tmp_path / "environment").write_text(settings, encoding="utf-8")
    text = text.replace("/etc/milepost/environment", f"{tmp_path}/environment")
    command = tmp_path / "milepost"
    command.write_text(text.replace("cd /var/lib/milepost", f"cd {tmp_path}"), encoding="utf-8")
    runuser = tmp_path / "runuser"
    runuser.write_text('#!/bin/sh\nenv\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    runuser.chmod(0o755)
    return subprocess.run(
        ["sh", str(command), *arguments],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_reads_settings_as_systemd_does(tmp_path):
    """The file is no shell script: an & in an address must not end it."""
    ran = run_command(
        tmp_path,
        "# a comment\n; another\n\nSITE_URL=https://example.org  \n"
        "DATABASE_URL=postgres://a:$ecret;x@db/name?sslmode=require&connect_timeout=10\n"
        "  EMAIL_URL='smtp://mail?tls=starttls&from=a@b'\n"
        'SITE_LANGUAGE="de"\nSECRET_KEY=last line without an end `id` #1',
        "moderate",
        "--reject",
        "1 2",
    )
    lines = ran.stdout.splitlines()
    assert ran.returncode == 0, ran.stderr
    assert {
        "SITE_URL=https://example.org",
        "DATABASE_URL=postgres://a:$ecret;x@db/name?sslmode=require&connect_timeout=10",
        "EMAIL_URL=smtp://mail?tls=starttls&from=a@b",
        "SITE_LANGUAGE=de",
        "SECRET_KEY=last line without an end `id` #1",
        "DATA_DIR=/var/lib/milepost",
    } <= set(lines)
    assert lines[-4:] == ["/opt/milepost/manage.py", "moderate", "--reject", "1 2"]


def test_the_command_takes_the_data_folder_that_the_units_take(tmp_path):
    """For systemd a line of the file counts more than `Environment=`."""
    ran = run_command(tmp_path, "DATA_DIR=/srv/milepost\nhttp_proxy=http://proxy:3128\n", "doctor")
    assert {"DATA_DIR=/srv/milepost", "http_proxy=http://proxy:3128"} <= {*ran.stdout.splitlines()}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("EMAIL_URL=smtp://a\\b", "the line of EMAIL_URL has a backslash"),
        ("EMAIL_URL='smtp://a", "the line of EMAIL_URL has a quotation mark"),
        ('SECRET_KEY=ab"c', "the line of SECRET_KEY has a quotation mark"),
        ("export SITE_URL=x", "the line of export has no NAME=value"),
        ("SITE_URL = x", "the line of SITE_URL has no NAME=value"),
        ("SITE_URL", "the line of SITE_URL has no NAME=value"),
    ],
)
def test_the_command_refuses_what_it_would_read_otherwise_than_systemd(tmp_path, line, problem):
    ran = run_command(tmp_path, f"SITE_URL=https://example.org\n{line}\n", "doctor")
    assert ran.returncode == 1
    assert problem in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "ecret" not in ran.stderr
    assert ran.stdout == ""


# Containers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_restrained(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service


def test_only_the_proxy_can_be_reached_and_gets_a_right_for_it():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["caddy"]
    assert {
        name: SERVICES[name]["cap_add"] for name in SERVICES if "cap_add" in SERVICES[name]
    } == {"caddy": ["NET_BIND_SERVICE"]}
    assert COMPOSE["networks"]["back"] == {"internal": True}
    assert SERVICES["database"]["networks"] == SERVICES["valkey"]["networks"] == ["back"]


def test_containers_set_only_variables_that_somebody_reads():
    for service in SERVICES.values():
        assert set(service.get("environment", {})) <= {*variables(), *FOREIGN}
    names = {
        name
        for pair in re.findall(r"^ENV (\w+)=|^    (\w+)=", DOCKERFILE, re.MULTILINE)
        for name in pair
    } - {""}
    assert "DATA_DIR" in names
    assert {name for name in names if not name.startswith("UV_")} <= {*variables(), *FOREIGN}


def test_what_a_container_names_is_declared():
    for name, service in SERVICES.items():
        assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"]), name
        assert set(service.get("networks", [])) <= set(COMPOSE["networks"]), name
        named = {volume.partition(":")[0] for volume in service.get("volumes", [])}
        assert {volume for volume in named if "/" not in volume} <= set(COMPOSE["volumes"]), name
        assert set(service.get("depends_on", [])) <= set(SERVICES), name
    used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"])


def test_containers_run_commands_that_there_are():
    for name in ("site", "worker"):
        assert SERVICES[name]["command"][0] in get_commands()
    [command] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert json.loads(command)[0] in get_commands()


def test_the_image_holds_what_it_copies_and_the_build_sees_nothing_else():
    copied = {
        path.removeprefix("./")
        for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE)
        for path in line.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert "*" in ignored
    assert [path for path in copied if not (ROOT / path).exists()] == []
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = set(re.findall(r'"--extra", "(\w+)"', DOCKERFILE))
    assert extras == set(packages["project"]["optional-dependencies"])


def test_the_image_runs_as_nobody_in_particular():
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", last_stage, re.MULTILINE) == ["10001:10001"]
    assert "uv" not in re.findall(r"[\w-]+", last_stage)


# systemd ------------------------------------------------------------------------------------------

HARDENING = {
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "PrivateTmp": ["yes"],
    "PrivateDevices": ["yes"],
    "NoNewPrivileges": ["yes"],
    "CapabilityBoundingSet": [""],
    "MemoryDenyWriteExecute": ["yes"],
    "RestrictAddressFamilies": ["AF_INET AF_INET6 AF_UNIX"],
    "SystemCallFilter": ["@system-service", "~@privileged @resources"],
    "StateDirectory": ["milepost"],
    "StateDirectoryMode": ["0700"],
    "UMask": ["0077"],
    "User": ["milepost"],
}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_every_unit_is_hardened_and_runs_a_command_that_there_is(path):
    service = unit(path)
    assert {key: service.get(key) for key in HARDENING} == HARDENING
    assert "MemoryMax" in service
    [start] = service["ExecStart"]
    python, manage, command, *_options = start.split()
    assert (python, manage) == ("/opt/milepost/.venv/bin/python", "/opt/milepost/manage.py")
    assert command in get_commands()
    names = {
        setting.partition("=")[0] for line in service["Environment"] for setting in line.split()
    }
    assert names <= {*variables(), *FOREIGN}


def test_all_units_are_hardened_in_the_same_way():
    texts = [path.read_text(encoding="utf-8") for path in UNITS]
    parts = {
        re.search(r"^# It may write.*?^UMask=\d+$", text, re.MULTILINE | re.DOTALL)[0]
        for text in texts
    }
    assert (len(UNITS), len(parts)) == (3, 1)


def test_every_timer_has_its_service():
    timers = {path.stem for path in (DEPLOY / "systemd").glob("*.timer")}
    assert timers == {"milepost-backup"}
    assert timers <= {path.stem for path in UNITS}


# Proxies ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MB")],
)
def test_a_proxy_lets_through_what_the_site_itself_takes_and_little_more(name, pattern):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    [megabytes] = map(int, re.findall(pattern, text))
    taken = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1024**2
    assert taken < megabytes <= taken * 1.5


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_adds_no_header_that_is_the_sites(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    directives = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    assert not re.search(r"add_header|Strict-Transport|Content-Security|encode ", directives)
