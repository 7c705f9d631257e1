"""`make cards`: the parameter schemas in Agent Cards, taken from the classes that check them.

python -m mesh.cli.cards [--check]
"""

import json
import sys
from pathlib import Path
from typing import Any

from mesh.cards import DATAFLOW_URI
from mesh.catalogue import ServiceSpec, agent_class, local_services
from mesh.settings import MeshSettings, load_settings


def with_schemas(spec: ServiceSpec, settings: MeshSettings) -> dict[str, Any]:
    """The card with, for each skill of its dataflow extension, the JSON Schema of the skill's parameter model."""
    card = spec.card()
    agent = agent_class(spec)(spec.name, card, settings)
    filled: dict[str, Any] = json.loads(json.dumps(card))
    for extension in filled["capabilities"].get("extensions", []):
        if extension["uri"] == DATAFLOW_URI:
            for skill_id, entry in extension["params"]["skills"].items():
                entry["params"] = agent.skills[skill_id].params.model_json_schema()
    return filled


def update(settings: MeshSettings, *, write: bool) -> list[Path]:
    """The cards whose schemas are not those of the code; with `write` they are brought up to date."""
    outdated = []
    for spec in local_services(settings):
        filled = with_schemas(spec, settings)
        if filled != spec.card():
            outdated.append(spec.card_path)
            if write:
                spec.card_path.write_text(
                    json.dumps(filled, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
                )
    return outdated


def main() -> int:
    """Update the cards, or with `--check` exit 1 when one is out of date."""
    check = "--check" in sys.argv[1:]
    outdated = update(load_settings(), write=not check)
    for path in outdated:
        print(f"{path.name}: {'out of date; run `make cards`' if check else 'updated'}")
    return int(check and bool(outdated))


if __name__ == "__main__":
    sys.exit(main())
