"""compose.yaml is valid by the Compose Specification and runs every service that has a card."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from mesh.settings import MeshSettings

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((Path(__file__).parent / "compose_spec" / "compose-spec.json").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = {name: service for name, service in COMPOSE["services"].items() if name != "postgres"}


def errors_of(document: dict[str, Any]) -> list[str]:
    validator = validator_for(SCHEMA, default=Draft202012Validator)
    validator.check_schema(SCHEMA)
    return [f"{list(error.path)}: {error.message}" for error in validator(SCHEMA).iter_errors(document)]


def test_the_file_is_valid_by_the_compose_specification() -> None:
    assert errors_of(COMPOSE) == []


def test_the_schema_would_find_a_mistake() -> None:
    assert errors_of({"services": {"gateway": {"imagine": "a2a-mesh"}}}) != []


def test_every_card_has_a_container_and_every_container_a_card() -> None:
    assert set(SERVICES) == {path.stem for path in (ROOT / "agent_cards").glob("*.json")}


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_serves_its_service_and_is_probed_at_its_cards_port(name: str) -> None:
    service = SERVICES[name]
    card = json.loads((ROOT / "agent_cards" / f"{name}.json").read_text())
    port = re.search(r":(\d+)/", card["supportedInterfaces"][0]["url"])
    assert port is not None
    assert service["command"] == ["serve", name]
    assert f"127.0.0.1:{port.group(1)}/health" in service["healthcheck"]["test"][-1]
    assert service["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_only_the_gateway_is_published_and_on_loopback_alone() -> None:
    published = {
        name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service
    }
    assert published == {"gateway": ["127.0.0.1:8000:8000"]}


def test_every_mesh_variable_is_a_setting() -> None:
    fields = {f"MESH_{name.upper()}" for name in MeshSettings.model_fields}
    dockerfile = (ROOT / "Dockerfile").read_text()
    used = {key for service in SERVICES.values() for key in service["environment"]}
    used |= set(re.findall(r"\b(MESH_[A-Z_]+)=", dockerfile))
    assert {name for name in used if name.startswith("MESH_")} - fields == set()


def test_services_in_containers_start_with_these_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = SERVICES["gateway"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(
            name,
            re.sub(r"\$\{POSTGRES_PASSWORD[^}]*\}", "secret", re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)),
        )
    settings = MeshSettings()
    assert settings.url_of("gateway") == "http://gateway:8000/"
    assert settings.database_url is not None
    assert settings.openai_api_key is None


def test_the_image_copies_what_exists() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert copied
    assert all((ROOT / source).exists() for line in copied for source in line.split())
