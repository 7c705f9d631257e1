"""Settings: read once, refused in one line."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from mesh.errors import SettingsError
from mesh.settings import REPOSITORY_ROOT, MeshSettings, load_settings


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("MESH_", "OPENAI_")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("MESH_PORT_OFFSET", "many", "integer"),
        ("MESH_PORT_OFFSET", "60000", "50000"),
        ("MESH_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("MESH_STEP_TIMEOUT_S", "0", "greater than 0"),
        ("MESH_COMPUTE_WORKERS", "0", "greater than or equal to 1"),
        ("MESH_LLM_TIMEOUT_S", "soon", "number"),
    ],
)
def test_a_bad_value_is_refused_with_name_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert variable in caught.value.message
    assert repr(value) in caught.value.message
    assert allowed in caught.value.message
    assert "\n" not in caught.value.message


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_PORT_OFFSET", "x")
    monkeypatch.setenv("MESH_LOG_FORMAT", "y")
    with pytest.raises(SettingsError, match=r"MESH_PORT_OFFSET=.*; MESH_LOG_FORMAT="):
        load_settings()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])
def test_a_host_beyond_loopback_needs_a_trusted_network(host: str) -> None:
    with pytest.raises(SettingsError, match="MESH_TRUSTED_NETWORK=1"):
        load_settings(host=host)
    assert load_settings(host=host, trusted_network=True).host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_needs_nothing(host: str) -> None:
    assert load_settings(host=host).host == host


def test_data_folders_are_split_and_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().data_dirs == [tmp_path / "data", REPOSITORY_ROOT / "examples"]
    monkeypatch.setenv("MESH_DATA_DIRS", os.pathsep.join(["sales", "", "/srv/data"]))
    assert load_settings().data_dirs == [tmp_path / "sales", Path("/srv/data")]


def test_lists_of_hosts_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_PUSH_ALLOW_HOSTS", "127.0.0.1, localhost,,")
    assert load_settings().push_allow_hosts == ["127.0.0.1", "localhost"]


def test_empty_means_unset_and_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESH_DATABASE_URL", "")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    settings = load_settings()
    assert settings.database_url is None
    assert settings.openai_api_key is not None
    assert "sk-secret" not in repr(settings)


def test_settings_do_not_change_and_a_changed_copy_is_checked(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    with pytest.raises(ValidationError):
        settings.host = "0.0.0.0"
    changed = settings.with_changes(port_offset=7)
    assert (changed.port_offset, changed.home, settings.port_offset) == (7, tmp_path, 0)
    with pytest.raises(SettingsError):
        settings.with_changes(host="0.0.0.0")


def test_services_are_found_by_their_cards(tmp_path: Path) -> None:
    settings = MeshSettings(home=tmp_path, port_offset=100)
    assert settings.port_of("orchestrator") == 8200
    assert settings.url_of("orchestrator") == "http://127.0.0.1:8200/"
    elsewhere = MeshSettings(home=tmp_path, address_template="http://{name}.mesh:{port}")
    assert elsewhere.url_of("hub") == "http://hub.mesh:8500/"
