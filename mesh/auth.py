"""Who is calling: the mesh itself, by its bearer token, or someone anonymous.

The token is `MESH_TOKEN`, or a random one that the mesh keeps under `MESH_HOME`. It identifies the services to one another;
it is sent to services of this mesh only.
"""

import hmac
import secrets
from pathlib import Path

from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError, SimpleUser
from starlette.requests import HTTPConnection

from .settings import MeshSettings

MESH_PRINCIPAL = "mesh"


def mesh_token(settings: MeshSettings) -> str:
    """The token of this mesh; created on first use."""
    if settings.token is not None:
        return settings.token.get_secret_value()
    path = settings.home / "run" / "token"
    if not path.is_file():
        _create(path)
    return path.read_text(encoding="ascii").strip()


class BearerBackend(AuthenticationBackend):
    """Recognises the mesh's token. No credentials means anonymous; wrong credentials are refused."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, SimpleUser] | None:
        """The principal of a request, or None when it names none."""
        given = conn.headers.get("authorization")
        if given is None:
            return None
        scheme, _, credentials = given.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(credentials.strip().encode(), self._token):
            raise AuthenticationError("The bearer token is not one this service knows.")
        return AuthCredentials(["authenticated"]), SimpleUser(MESH_PRINCIPAL)


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    part.touch(mode=0o600)
    part.write_text(secrets.token_urlsafe(32), encoding="ascii")
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
