"""The registry as serving sees it: versions with their files, and changes of the champion. MLflow runs in the compute process."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mesh.compute import ComputeClient
from mesh.errors import BadInputError
from mesh.language import Language, say

from .registry import Registry, Version, open_registry
from .request import Wish, understand
from .serving.versions import DESCRIPTION, FILES, REFERENCE, Fetched, Meant, keep_reference, model_of
from .store import Store

TIMEOUT_S = 180.0


class RegisteredVersions:
    """What `serving` asks of the registry in `store`; see `serving.versions.Versions`."""

    def __init__(self, store: Store, compute: ComputeClient) -> None:
        self._store = store
        self._compute = compute

    def meant(self, sentence: str, names: Sequence[str]) -> Meant:
        """What a sentence says about models with these names."""
        wish = understand(Wish(sentence), names)
        return Meant(wish.name, int(wish.versions[0]) if wish.versions else None)

    async def names(self) -> list[str]:
        """The registered names."""
        return await self._compute.run(registered_names, self._store, timeout_s=TIMEOUT_S)

    async def fetch(self, name: str, version: int | None, folder: Path, language: Language) -> Fetched:
        """A version with its files in `folder`/<number>."""
        return await self._compute.run(
            fetch, self._store, name, version, folder, language, timeout_s=TIMEOUT_S
        )

    async def newest(self, name: str) -> int | None:
        """The challenger's number."""
        return await self._compute.run(challenger, self._store, name, timeout_s=TIMEOUT_S)

    async def roll_back(self, name: str, version: int, reason: str, language: Language) -> int:
        """The champion after `version` was taken back."""
        return await self._compute.run(
            roll_back, self._store, name, version, reason, language, timeout_s=TIMEOUT_S
        )

    async def promote(self, name: str, version: int, reason: str) -> None:
        """Makes `version` the champion."""
        await self._compute.run(promote, self._store, name, version, reason, timeout_s=TIMEOUT_S)


def registered_names(store: Store) -> list[str]:
    """The registered names."""
    with open_registry(store) as registry:
        return registry.names()


def fetch(store: Store, name: str, version: int | None, folder: Path, language: Language) -> Fetched:
    """One version, complete in `folder`/<number>; the champion when `version` is None."""
    with open_registry(store) as registry:
        champion = registry.champion(name)
        wanted = registry.version(name, str(version), language) if version is not None else champion
        if wanted is None:
            registry.versions(name, language)  # which says so when the name is not registered
            raise BadInputError(
                say(
                    language,
                    en="'{name}' has no champion. Name the version to serve, or promote one first.",
                    ko="'{name}'에 챔피언이 없습니다. 서빙할 버전을 지정하거나 먼저 승격해 주십시오.",
                    name=name,
                )
            )
        made = folder / wanted.version
        if not made.is_dir():
            _download(registry, wanted, made, language)
    number = int(champion.version) if champion else None
    return Fetched(name, int(wanted.version), number, model_of(made), (made / REFERENCE).is_file())


def challenger(store: Store, name: str) -> int | None:
    """The newest version that is not the champion."""
    with open_registry(store) as registry:
        champion = registry.champion(name)
        numbers = [int(item.version) for item in registry.versions(name)]
        others = [number for number in numbers if champion is None or number != int(champion.version)]
        return max(others, default=None)


def roll_back(store: Store, name: str, version: int, reason: str, language: Language) -> int:
    """The champion after `version` was taken back; after a restart in between it was taken back before."""
    with open_registry(store) as registry:
        champion = registry.champion(name)
        if champion is not None and int(champion.version) != version:
            return int(champion.version)
        return int(registry.rollback(name, reason=reason, language=language).version)


def promote(store: Store, name: str, version: int, reason: str) -> None:
    """Makes `version` the champion, unless it is."""
    with open_registry(store) as registry:
        champion = registry.champion(name)
        if champion is None or int(champion.version) != version:
            registry.promote(name, str(version), reason=reason)


def _download(registry: Registry, wanted: Version, made: Path, language: Language) -> None:
    made.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=made.parent, prefix=".part-") as scratch:
        found = registry.files(wanted, Path(scratch) / "registry")
        if not found.files:
            raise BadInputError(
                say(
                    language,
                    en="Version {version} of '{name}' has no model file, only a description; train and register it again.",
                    ko="'{name}' 버전 {version}에는 모델 파일이 없고 설명만 있습니다. 다시 학습해 등록해 주십시오.",
                    name=wanted.name,
                    version=wanted.version,
                )
            )
        part = Path(scratch) / "made"
        (part / FILES).mkdir(parents=True)
        for file in found.files:
            shutil.copyfile(file.path, part / FILES / file.path.name)
        (part / DESCRIPTION).write_text(json.dumps(found.description, ensure_ascii=False), encoding="utf-8")
        if found.holdout is not None:
            keep_reference(found.holdout, part)
        part.rename(made)
