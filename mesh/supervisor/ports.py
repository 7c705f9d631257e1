"""Is every port that the mesh needs free?"""

import errno
import socket
from collections.abc import Mapping

from mesh.errors import ConflictError, SettingsError


def check_ports(host: str, ports: Mapping[str, int]) -> None:
    """Return when `host` lets us listen on the port of every service name in `ports`.

    Raises: ConflictError naming each port in use, the service that needs it and what to set; SettingsError
    for a port or a host that cannot be listened on at all.
    """
    busy = {name: port for name, port in ports.items() if not _is_free(host, name, port)}
    if busy:
        listed = ", ".join(
            f"{port} (needed by {name})" for name, port in sorted(busy.items(), key=lambda p: p[1])
        )
        raise ConflictError(
            f"{'port' if len(busy) == 1 else 'ports'} in use on {host}: {listed}; stop what listens there, "
            "or shift every port of the mesh, for example MESH_PORT_OFFSET=10000",
            ports=sorted(busy.values()),
        )


def _is_free(host: str, name: str, port: int) -> bool:
    if not 0 < port < 65536:
        raise SettingsError(
            f"MESH_PORT_OFFSET gives {name} port {port}; ports are 1 to 65535: choose an offset that fits"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise SettingsError(
                f"this user may not listen on port {port}, which {name} needs; set MESH_PORT_OFFSET"
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise SettingsError(
                f"cannot listen on MESH_HOST={host}: {error.strerror or error}; use 127.0.0.1"
            ) from None
    return True
