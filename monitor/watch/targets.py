"""What is to be watched: the services of the cards folder, and agents that registered at the orchestrator. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from .models import Target

CARD_PATH = ".well-known/agent-card.json"


def service_target(name: str, card: Mapping[str, Any], url: str) -> Target:
    """The target for a card of the cards folder whose service is at `url`."""
    return Target(
        name=name,
        title=str(card.get("name") or name),
        url=_folder(url),
        card_url=urljoin(_folder(url), "/" + CARD_PATH),
        kind="service",
        version=str(card.get("version") or ""),
    )


def agent_targets(views: Iterable[Mapping[str, Any]], known: Iterable[Target]) -> list[Target]:
    """The instances that the orchestrator lists and that are not among `known`, by name.

    Views without a name or an HTTP address are left out; an agent with several instances gives one target each.
    """
    taken = {target.url for target in known}
    found: dict[str, Target] = {}
    for view in views:
        name = str(view.get("name") or "")
        instances = [item for item in view.get("instances") or [] if item.get("url")]
        for instance in instances:
            url = _folder(str(instance["url"]))
            if not name or url in taken or not can_be_probed(url):
                continue
            taken.add(url)
            label = name if len(instances) == 1 else f"{name}/{instance.get('instance') or url}"
            card_url = str(view.get("card_url") or "") if len(instances) == 1 else ""
            found[label] = Target(
                name=label,
                title=name,
                url=url,
                card_url=card_url or urljoin(url, "/" + CARD_PATH),
                kind="agent",
                version=str(view.get("version") or ""),
            )
    return [found[label] for label in sorted(found)]


def can_be_probed(url: str) -> bool:
    """Whether the address is one of HTTP, with a host and a possible port."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _folder(url: str) -> str:
    return url.rstrip("/") + "/"
