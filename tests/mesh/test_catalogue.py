"""Which services can be run here, and from where their code comes."""

import json
import shutil
from pathlib import Path

import pytest

from mesh.agent import Agent
from mesh.catalogue import agent_class, find_service, local_services
from mesh.errors import BadInputError, NotFoundError
from mesh.settings import REPOSITORY_ROOT, load_settings

CONFORMANCE = REPOSITORY_ROOT / "examples" / "conformance_agent"


def test_every_card_of_the_mesh_has_its_code_and_a_port_of_its_own(tmp_path: Path) -> None:
    services = local_services(load_settings(home=tmp_path, port_offset=50))
    assert [spec.name for spec in services] == [
        *("gateway", "orchestrator", "ingestion", "quality", "eda", "visualization", "automl", "mlops"),
        *("codegen", "nlp", "realtime", "hub", "session", "storage", "watch", "alerts"),
    ]
    assert [spec.port - 50 for spec in services] == [
        8000,
        8100,
        *range(8201, 8210),
        8500,
        8501,
        8502,
        8900,
        8901,
    ]
    assert all((spec.folder / "executor.py").is_file() for spec in services)


def test_a_card_without_code_is_not_a_local_service(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY_ROOT / "agent_cards" / "eda.json", tmp_path / "elsewhere.json")
    assert local_services(load_settings(cards_dir=tmp_path)) == []


def test_a_folder_is_a_service_and_an_unknown_name_lists_the_known_ones() -> None:
    spec = find_service(load_settings(), str(CONFORMANCE))
    assert (spec.name, spec.port) == ("conformance_agent", 9999)
    assert issubclass(agent_class(spec), Agent)
    with pytest.raises(NotFoundError, match=r"'nobody'.*gateway.*nlp"):
        find_service(load_settings(), "nobody")


def test_a_served_version_changes_with_the_code(tmp_path: Path) -> None:
    folder = tmp_path / "versioned_agent"
    shutil.copytree(CONFORMANCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    spec = find_service(load_settings(), str(folder))
    first = spec.served_card("http://h:1")["version"]
    assert first == spec.served_card("http://h:2")["version"]
    assert first.startswith("1.0.0+")
    (folder / "executor.py").write_text((folder / "executor.py").read_text() + "\n")
    assert spec.served_card("http://h:1")["version"] != first


@pytest.mark.parametrize(
    ("name", "code"),
    [("none_of_them", "x = 1"), ("two_of_them", "class A(Agent): ...\nclass B(Agent): ...")],
)
def test_a_module_with_none_or_several_agents_is_refused(tmp_path: Path, name: str, code: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(CONFORMANCE / "card.json", folder)
    (folder / "executor.py").write_text(f"from mesh import Agent\n\n\n{code}\n")
    with pytest.raises(BadInputError, match="exactly one Agent class"):
        agent_class(find_service(load_settings(), str(folder)))


def test_skills_of_card_and_class_must_be_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "half_an_agent"
    shutil.copytree(CONFORMANCE, folder)
    card = json.loads((folder / "card.json").read_text())
    card["skills"][0]["id"] = "juggle"
    (folder / "card.json").write_text(json.dumps(card))
    spec = find_service(load_settings(), str(folder))
    with pytest.raises(BadInputError, match=r"juggle.*conform"):
        agent_class(spec)("half", card, load_settings(home=tmp_path))
