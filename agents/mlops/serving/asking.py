"""From a sentence and parameters to what is to be served, tried out and watched."""

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from mesh import Params, SkillContext
from mesh.errors import NeedsInputError
from mesh.language import detect_language, say

from .endpoint import Endpoint, Mode, Trial, Watch

_NAME = Field(
    default=None,
    max_length=120,
    description="Registered name of the model; may be left out while the question names it, or there is only one.",
)
_SHADOW = re.compile(r"shadow|섀도|쉐도|그림자", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*(?:%|percent|퍼센트|프로)", re.IGNORECASE)
_END = re.compile(
    r"(?<!-)\b(?:stop|end|cancel|quit|finish)\b|멈|중지|중단|그만|끝내|종료|해제|꺼", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:which|who|winning|wins|result|results|verdict|status|how is|decided)\b|결과|판정|어느|누가|이기고|현황|상태|어때",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"\b(?:start|begin|run|set up|launch|split|send|try)\b|시작|돌려|진행|나눠|보내", re.IGNORECASE
)
_ROLL_BACK = re.compile(r"roll(?:s|ed|ing)?[ -]?back|revert|롤백|되돌", re.IGNORECASE)
_NO_ROLL_BACK = re.compile(
    r"(?:do not|don't|never|without|stop)\s+(?:\w+\s+){0,3}?(?:roll|revert)|\bno (?:auto\w*[ -])?roll|"
    r"(?:롤백|되돌)\S*\s*(?:하지|마|말|않|없이)",
    re.IGNORECASE,
)
_ROLLED_BACK = re.compile(
    r"\b(?:was|were|has|have|had|been)\s+(?:\w+\s+){0,3}?(?:rolled|reverted)|\bdid\s+(?:\w+\s+){0,3}?(?:roll|revert)|"
    r"롤백(?:됐|되었|했(?:어|나|니|는))|되돌(?:렸|아갔|려졌)",
    re.IGNORECASE,
)
_PROMOTE = re.compile(r"promot|승격|교체", re.IGNORECASE)
_NEGATED = re.compile(r"(?:do not|don't|never|without)\b|하지 ?(?:마|말)|말고|없이", re.IGNORECASE)


class ServeParams(Params):
    """What to serve, and where."""

    name: str | None = _NAME
    version: int | None = Field(default=None, ge=1, description="Version to serve; the champion by default.")
    port: int | None = Field(
        default=None, ge=1024, le=65535, description="Port on 127.0.0.1; a free one by default."
    )


class EndpointParams(Params):
    """Which endpoint."""

    name: str | None = _NAME


class TrialParams(Params):
    """How the challenger is tried out beside the champion; the verdict so far when it is being tried out already."""

    name: str | None = _NAME
    version: int | None = Field(
        default=None,
        ge=1,
        description="The challenger; by default the newest version that is not the champion.",
    )
    mode: Literal["shadow", "split"] | None = Field(
        default=None,
        description="shadow: the challenger scores what the champion answers, unseen by callers; split: it answers a share.",
    )
    share: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Share of callers that the challenger answers in a split; half by default.",
    )
    least: int = Field(
        default=100,
        ge=50,
        le=1_000_000,
        description="True outcomes of either version before there is a verdict.",
    )
    alpha: float = Field(
        default=0.05, gt=0, lt=0.5, description="Probability of a wrong verdict, over all looks together."
    )
    promote: bool | None = Field(
        default=None, description="Make the challenger the champion once it is proved to be better."
    )
    end: bool = Field(default=False, description="End the trial.")


class WatchModelParams(Params):
    """How an endpoint is watched; what is known so far when it is watched already."""

    name: str | None = _NAME
    window: int | None = Field(
        default=None,
        ge=100,
        le=100_000,
        description="Rows that are compared with the training data at a time; 500 by default.",
    )
    alpha: float | None = Field(
        default=None,
        gt=0,
        lt=0.5,
        description="Probability of a false alarm, over all looks together; 0.05 by default.",
    )
    margin: float | None = Field(
        default=None,
        ge=0,
        description="How much worse than in validation is still no decay, as an error rate or in the target's units.",
    )
    rollback: bool | None = Field(
        default=None, description="Return to the last champion by itself once decay is proved."
    )
    end: bool = Field(default=False, description="End the watch.")


def name_asked_for(
    ctx: SkillContext, given: str | None, names: Sequence[str], spoken_of: str | None
) -> str | None:
    """The model that a call is about: the parameter, an input, the one spoken of, or the only one; None when there is none.

    Raises: NeedsInputError when there are several and none is meant.
    """
    if given:
        return given
    for kind in ("endpoint", "model_version"):
        data = ctx.inputs.data(kind)
        if data is not None and data.get("name"):
            return str(data["name"])
    if spoken_of is None and len(names) > 1:
        raise NeedsInputError(
            say(
                ctx.language,
                en="Which model do you mean? There are: {names}.",
                ko="어느 모델을 말씀하시나요? 있는 모델: {names}.",
                names=", ".join(names),
            )
        )
    return spoken_of or (names[0] if names else None)


def trial_asked_for(goal: str, params: TrialParams, version: int) -> Trial:
    """The trial of `version` that a call begins."""
    mode: Mode = params.mode or ("shadow" if _SHADOW.search(goal) else "split")
    wanted = bool(_PROMOTE.search(goal)) and not _NEGATED.search(goal)
    return Trial(
        version=version,
        mode=mode,
        share=_share(goal, params) or 0.5,
        least=params.least,
        alpha=params.alpha,
        promote=wanted if params.promote is None else params.promote,
        language=detect_language(goal),
    )


def changes_asked_for(goal: str, params: TrialParams, going: Trial) -> dict[str, Any]:
    """What a call wants otherwise in the running trial: another share of callers, or a split instead of the shadow.

    Nothing when it names neither, or what there is.
    """
    share = _share(goal, params)
    mode = params.mode or ("shadow" if _SHADOW.search(goal) else "split" if share else going.mode)
    wanted = {"mode": mode, "share": share or going.share}
    return {name: value for name, value in wanted.items() if value != getattr(going, name)}


def _share(goal: str, params: TrialParams) -> float | None:
    """The share of callers that the challenger is to answer, when a call names one."""
    said = _SHARE.search(goal)
    return params.share or (float(said[1]) / 100 if said and float(said[1]) else None)


def watch_asked_for(ctx: SkillContext, params: WatchModelParams, endpoint: Endpoint) -> Watch:
    """The watch that a call asks for: the one there is, with what the call changes of it."""
    before = endpoint.watch or Watch(language=ctx.language)
    wanted = {"window": params.window, "alpha": params.alpha, "margin": params.margin}
    wanted["rollback"] = params.rollback if params.rollback is not None else wants_roll_back(ctx.goal)
    return before.model_copy(update={name: value for name, value in wanted.items() if value is not None})


def wants_roll_back(goal: str) -> bool | None:
    """Whether a sentence wants a decayed model rolled back by itself; None when it does not say, or asks whether one was."""
    if _NO_ROLL_BACK.search(goal):
        return False
    return True if _ROLL_BACK.search(goal) and not _ROLLED_BACK.search(goal) else None


def asks_to_end(goal: str, *, end: bool) -> bool:
    """Whether a call ends what is running."""
    return end or bool(_END.search(goal))


def only_asks(goal: str) -> bool:
    """Whether a sentence asks how something stands, rather than to begin it."""
    return bool(_ASKS.search(goal)) and not _BEGINS.search(goal)
