"""What is wrong with a source, said in both languages where it is found: the readers do not know who asked."""

from typing import Any

from mesh.errors import BadInputError
from mesh.language import Language, say


class SourceRefused(BadInputError):  # noqa: N818 - a verdict on the source, as PlanInvalid is one on a plan
    """A source that cannot be loaded. `en` and `ko` are `str.format` templates over `values`; the message is English."""

    def __init__(self, en: str, ko: str, **values: Any) -> None:
        super().__init__(en.format(**values))
        self._templates, self._values = (en, ko), values

    def spoken(self, language: Language) -> BadInputError:
        """The same, in the language of the question."""
        en, ko = self._templates
        return BadInputError(say(language, en=en, ko=ko, **self._values))
