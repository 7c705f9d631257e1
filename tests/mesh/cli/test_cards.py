"""Parameter schemas of cards come from the code."""

import json
import shutil
from pathlib import Path

from mesh.cli.cards import update
from mesh.settings import MeshSettings

ROOT = Path(__file__).parents[3]


def test_a_schema_that_differs_from_the_code_is_found_and_put_right(tmp_path: Path) -> None:
    shutil.copy(ROOT / "agent_cards" / "session.json", tmp_path)
    settings = MeshSettings(cards_dir=tmp_path, home=tmp_path / "home")
    update(settings, write=True)
    card = tmp_path / "session.json"
    right = json.loads(card.read_text())
    wrong = json.loads(card.read_text())
    wrong["capabilities"]["extensions"][0]["params"]["skills"]["append_turn"]["params"] = {"type": "string"}
    card.write_text(json.dumps(wrong))
    assert update(settings, write=False) == [card]
    assert update(settings, write=True) == [card]
    assert json.loads(card.read_text()) == right
    assert update(settings, write=False) == []
