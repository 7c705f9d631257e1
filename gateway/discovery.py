"""The AI Catalog of the mesh: every registered agent, for clients that look for agents at a host.

Source: AI Catalog specification 1.0 (Agent-Card/ai-catalog), preferred by A2A pull request 2240. `type` is the
specification's member; `mediaType` is its name in drafts before ADR 0014, which some clients still read.
"""

from collections.abc import Sequence
from typing import Any

from .models import AgentView

MEDIA_TYPE = "application/ai-catalog+json"
CARD_MEDIA_TYPE = "application/a2a-agent-card+json"
CARD_PATH = ".well-known/agent-card.json"
_MAX_QUERIES = 8


def ai_catalog(own_card: dict[str, Any], agents: Sequence[AgentView], base_url: str) -> dict[str, Any]:
    """The catalogue: the mesh itself as one agent, then every agent, by name.

    Args: `base_url` is the gateway's address with a trailing slash.
    """
    own = AgentView.model_validate(
        {
            "name": own_card["name"],
            "version": own_card.get("version", ""),
            "description": own_card.get("description", ""),
            "skills": [
                {key: skill[key] for key in ("id", "name", "description", "tags", "examples") if key in skill}
                for skill in own_card.get("skills", [])
            ],
            "card_url": base_url + CARD_PATH,
        }
    )
    others = [agent for agent in agents if agent.name != own.name and _card_url(agent)]
    return {
        "specVersion": "1.0",
        "host": {
            "displayName": own.name,
            "identifier": "urn:a2a-mesh:host",
            "documentationUrl": f"{base_url}docs",
        },
        "entries": [_entry(agent) for agent in (own, *sorted(others, key=lambda agent: agent.name))],
    }


def _entry(agent: AgentView) -> dict[str, Any]:
    tags = dict.fromkeys(tag for skill in agent.skills for tag in skill.tags)
    longest = max((len(skill.examples) for skill in agent.skills), default=0)
    queries = [skill.examples[i] for i in range(longest) for skill in agent.skills if i < len(skill.examples)]
    return {
        "identifier": f"urn:a2a-mesh:agent:{agent.name.lower().replace(' ', '-')}",
        "displayName": agent.name,
        "type": CARD_MEDIA_TYPE,
        "mediaType": CARD_MEDIA_TYPE,
        "url": _card_url(agent),
        "description": agent.description,
        "version": agent.version,
        "tags": list(tags),
        "capabilities": [skill.id for skill in agent.skills],
        "representativeQueries": queries[:_MAX_QUERIES],
    }


def _card_url(agent: AgentView) -> str:
    if agent.card_url:
        return agent.card_url
    return f"{agent.instances[0].url.rstrip('/')}/{CARD_PATH}" if agent.instances else ""
