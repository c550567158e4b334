"""From nothing to a stack that is up, seen through every command, and back to nothing."""

import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def committed(checkout: Checkout) -> Checkout:
    """The checkout as a git repository, up."""
    (checkout.root / ".gitignore").write_text((Path(__file__).parents[2] / ".gitignore").read_text())
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "-"]):
        subprocess.run(["git", *command], cwd=checkout.root, check=True)
    checkout.done("up")
    return checkout


def test_commands_without_a_sandbox_say_how_to_start_one(checkout: Checkout):
    for command in (["status"], ["token"], ["preview"], ["request", "--from", "London", "{ __typename }"]):
        result = checkout.run(*command)
        assert result.returncode == 1
        assert result.stderr == "error: the sandbox is not running. Start it with: make up\n"
    assert checkout.done("down") == "Nothing is up.\n"


def test_a_second_up_changes_nothing(committed: Checkout):
    assert committed.json("up")["changes"] == {}


def test_refresh_shows_no_drift_after_up_and_names_what_was_changed_by_hand(committed: Checkout):
    assert committed.done("refresh").startswith("No drift")
    route53 = committed.aws("route53")
    zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    record = next(record for record in records if record.get("SetIdentifier") == "sydney")
    record["TTL"] = 300
    change = {"Action": "UPSERT", "ResourceRecordSet": record}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})

    assert "~ update aws:route53/record:Record latency-sydney\n    ttl: 60 -> 300\n" in committed.done("refresh")
    assert committed.json("up")["changes"]["update"] == 1
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert {record["TTL"] for record in records if record.get("SetIdentifier") == "sydney"} == {60}


def test_preview_shows_a_diff_that_a_person_can_read(committed: Checkout):
    with committed.edited("components/regional_api.py", "query_depth_limit=", "query_depth_limit=1 + "):
        shown = committed.done("preview")

    assert shown.splitlines()[:4] == [
        "~ update aws:appsync/graphQLApi:GraphQLApi ireland-api",
        "    queryDepthLimit: 20 -> 21",
        "~ update aws:appsync/graphQLApi:GraphQLApi sydney-api",
        "    queryDepthLimit: 20 -> 21",
    ]
    assert re.match(r"\d{3} same, 2 update; policies: ", shown.splitlines()[4])
    assert "mandatory" not in shown


def test_a_key_is_not_moved_to_another_region_because_requests_would_fail_on_the_way(committed: Checkout):
    before = committed.resources()
    with committed.configured(regions={"ireland": "eu-west-1", "sydney": "eu-central-1"}):
        result = committed.run("up")

    assert result.returncode == 1
    assert "the key sydney would move from ap-southeast-2 to eu-central-1" in result.stderr
    assert committed.resources() == before


def test_the_connections_file_names_everything_that_scripts_need(committed: Checkout):
    connections = committed.connections

    assert connections["domain"] == "example.localhost"
    assert len(connections["edges"]) == 6
    assert connections["edges"]["London"].startswith("https://global-api.example.localhost:")
    assert connections["regions"]["sydney"].startswith("https://sydney-appsync.example.localhost:")
    assert len(connections["dns"]) == 13
    assert (committed.root / connections["ca"]).is_file()


def test_an_exported_state_passes_the_policy_pack_and_a_broken_one_does_not(committed: Checkout):
    state = committed.root / ".sandbox" / "state.json"
    text = committed.done("export")
    state.write_text(text)
    assert committed.run("check", "--state", str(state)).returncode == 0

    state.write_text(text.replace("4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"))
    result = committed.run("check", "--state", str(state))
    assert result.returncode == 1
    assert "edge-caching-disabled" in result.stdout + result.stderr


def test_every_listener_is_on_loopback_alone(committed: Checkout):
    shown = subprocess.run(["ss", "-Hltn"], capture_output=True, text=True, check=True).stdout
    block = range(committed.port, committed.port + 400)
    listeners = [line.split()[3] for line in shown.splitlines() if int(line.split()[3].rpartition(":")[2]) in block]

    assert len(listeners) > 6
    assert {address.rpartition(":")[0] for address in listeners} <= {"127.0.0.1", "[::ffff:127.0.0.1]"}


def test_down_leaves_no_resource_no_process_no_port_and_a_clean_tree(committed: Checkout):
    assert len(committed.processes()) > 1

    result = committed.json("down")

    assert result["left"] == []
    for port in range(committed.port, committed.port + 400):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, f"port {port} is open"
    tree = subprocess.run(["git", "status", "--short"], cwd=committed.root, capture_output=True, text=True, check=True)
    assert tree.stdout == ""
    assert committed.processes() == []
