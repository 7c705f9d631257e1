"""The check before the start."""

import socket

import pytest

from mesh.errors import ConflictError, SettingsError
from mesh.supervisor.ports import check_ports


def test_a_busy_port_is_named_with_its_service_and_the_remedy() -> None:
    with socket.socket() as taken, socket.socket() as spare:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        spare.bind(("127.0.0.1", 0))
        free = spare.getsockname()[1]
        spare.close()
        busy = taken.getsockname()[1]
        with pytest.raises(
            ConflictError, match=rf"port in use on 127.0.0.1: {busy} \(needed by hub\).*MESH_PORT_OFFSET"
        ) as refusal:
            check_ports("127.0.0.1", {"gateway": free, "hub": busy})
    assert refusal.value.facts == {"ports": [busy]}


def test_free_ports_are_accepted() -> None:
    with socket.socket() as spare:
        spare.bind(("127.0.0.1", 0))
        free = spare.getsockname()[1]
    check_ports("127.0.0.1", {"gateway": free})


@pytest.mark.parametrize("port", [0, -5, 65536])
def test_an_offset_that_leads_out_of_range_is_explained(port: int) -> None:
    with pytest.raises(SettingsError, match="MESH_PORT_OFFSET gives gateway port"):
        check_ports("127.0.0.1", {"gateway": port})


def test_an_address_that_is_not_ours_is_explained() -> None:
    with pytest.raises(SettingsError, match=r"MESH_HOST=192\.0\.2\.1"):
        check_ports("192.0.2.1", {"gateway": 8000})
