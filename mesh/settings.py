"""The mesh's settings: one typed, frozen object, read from `MESH_*` environment variables once at start."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from .cards import card_port
from .errors import SettingsError

PACKAGE_ROOT = Path(__file__).resolve().parent
REPOSITORY_ROOT = PACKAGE_ROOT.parent
BUNDLED = PACKAGE_ROOT / "bundled"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def bundled(name: str) -> Path:
    """A folder that ships with the mesh: beside `mesh/` in a checkout, inside the package once installed."""
    beside = REPOSITORY_ROOT / name
    return beside if beside.is_dir() else BUNDLED / name


class MeshSettings(BaseSettings):
    """What can be set, with its default. Every field is read from `MESH_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="MESH_", frozen=True, extra="ignore", populate_by_name=True)

    home: Path = Field(default=Path(".mesh"), description="Folder that holds all state.")
    host: str = Field(default="127.0.0.1", description="Address to bind to.")
    port_offset: int = Field(default=0, ge=-7000, le=50000, description="Added to the port of every service.")
    data_dirs: Annotated[list[Path], NoDecode] = Field(
        default_factory=list, description="Folders in which file names in requests resolve."
    )
    connections: Path | None = Field(
        default=None, description="File that defines named connections; home/connections.toml by default."
    )
    cards_dir: Path = Field(
        default_factory=lambda: bundled("agent_cards"), description="Folder of Agent Cards."
    )
    address_template: str = Field(
        default="http://127.0.0.1:{port}", description="Address of a service by {name} and {port}."
    )
    trusted_network: bool = Field(
        default=False, description="Allow binding beyond loopback: the network itself keeps strangers out."
    )
    database_url: SecretStr | None = Field(default=None, description="PostgreSQL instead of SQLite files.")
    compute_socket: Path | None = Field(default=None, description="Socket of a shared compute process.")
    compute_workers: int = Field(default=2, ge=1, le=256, description="Concurrent computations per service.")
    task_retention_h: float = Field(
        default=24 * 7, gt=0, description="Hours for which finished tasks are kept."
    )
    max_body_bytes: int = Field(default=8 * 2**20, ge=1024, description="Largest control-plane request body.")
    max_upload_bytes: int = Field(default=2 * 2**30, ge=1024, description="Largest file a request may carry.")
    step_timeout_s: float = Field(default=900.0, gt=0, description="Deadline of one step of an analysis.")
    idle_timeout_s: float = Field(default=60.0, gt=0, description="Longest silence of a running step.")
    analysis_timeout_s: float = Field(default=3600.0, gt=0, description="Deadline of a whole analysis.")
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Further host names that the mesh answers for while it is bound to loopback.",
    )
    push_allow_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Non-public hosts that push notifications may go to."
    )
    source_allow_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Non-public hosts that data may be fetched from."
    )
    token: SecretStr | None = Field(default=None, description="Bearer token that identifies the mesh itself.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    llm_model: str = Field(default="gpt-4o", description="Model used when OPENAI_API_KEY is set.")
    llm_timeout_s: float = Field(default=30.0, gt=0, description="Deadline of one LLM call.")
    llm_share_rows: bool = Field(
        default=False,
        description="Show the model a few rows of the data a follow-up is about, and the values of small text columns.",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key")
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url")
    )

    @field_validator("data_dirs", mode="before")
    @classmethod
    def _split_paths(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [Path(part) for part in value.split(os.pathsep) if part]
        return value

    @field_validator("allowed_hosts", "push_allow_hosts", "source_allow_hosts", mode="before")
    @classmethod
    def _split_commas(cls, value: Any) -> Any:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator(
        "database_url",
        "token",
        "openai_api_key",
        "openai_base_url",
        "compute_socket",
        "connections",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def _absolute_paths(self) -> "MeshSettings":
        home = self.home.expanduser().absolute()
        object.__setattr__(self, "home", home)
        object.__setattr__(self, "cards_dir", self.cards_dir.expanduser().absolute())
        if self.connections is not None:
            object.__setattr__(self, "connections", self.connections.expanduser().absolute())
        dirs = self.data_dirs or [Path("data"), bundled("examples")]
        object.__setattr__(self, "data_dirs", [path.expanduser().absolute() for path in dirs])
        return self

    @model_validator(mode="after")
    def _closed_unless_trusted(self) -> "MeshSettings":
        if self.host not in LOOPBACK and not self.trusted_network:
            raise ValueError(
                f"MESH_HOST={self.host} would open the mesh to a network without authentication. "
                "Keep 127.0.0.1, or set MESH_TRUSTED_NETWORK=1 when the network itself keeps strangers out."
            )
        return self

    @property
    def connections_file(self) -> Path:
        """The file that defines named connections; it need not exist."""
        return self.connections or self.home / "connections.toml"

    def known_hosts(self) -> set[str] | None:
        """The host names that services answer for; None, when they are bound beyond loopback, for any."""
        if self.host not in LOOPBACK:
            return None
        own = urlsplit(self.address_template.format(name="mesh", port=1)).hostname
        return {*LOOPBACK, *self.allowed_hosts, *([own] if own else [])}

    def port_of(self, name: str) -> int:
        """The port of the service whose card is `cards_dir/<name>.json`, offset included."""
        return card_port(self.cards_dir / f"{name}.json") + self.port_offset

    def url_of(self, name: str) -> str:
        """The address of a service of this mesh, with a trailing slash."""
        return self.address_template.format(name=name, port=self.port_of(name)).rstrip("/") + "/"

    def with_changes(self, **changes: Any) -> "MeshSettings":
        """A copy with some fields changed and validated again."""
        return load_settings(**{**self.model_dump(), **changes})


def load_settings(**overrides: Any) -> MeshSettings:
    """Settings from the environment.

    Raises: SettingsError with the variable's name, what was given and what is allowed.
    """
    try:
        return MeshSettings(**overrides)
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(item) for item in error.errors())) from None


def _explain(item: Any) -> str:
    message = str(item["msg"]).removeprefix("Value error, ")
    if not item["loc"]:
        return message
    field = str(item["loc"][0])
    variable = field if field.isupper() else f"MESH_{field.upper()}"
    return f"{variable}={item.get('input')!r} is not usable: {message}."
