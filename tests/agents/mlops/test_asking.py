"""What is read from the sentence of a serving skill."""

import pytest

from agents.mlops.serving.asking import TrialParams, changes_asked_for, wants_roll_back
from agents.mlops.serving.endpoint import Endpoint, Trial, Watch


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Watch it and roll back if it decays", True),
        ("It should be rolled back automatically once it has decayed", True),
        ("Watch the model that was trained yesterday and revert it when it is not good", True),
        ("성능이 나빠지면 자동으로 롤백해줘", True),
        ("성능이 떨어지면 이전 모델로 되돌려줘", True),
        ("Watch it, but do not roll back by yourself", False),
        ("Keep watching it without rolling back", False),
        ("No automatic rollback please", False),
        ("감시하되 롤백은 하지 마", False),
        ("자동 롤백 없이 감시해줘", False),
        ("되돌리지 말고 알려만 줘", False),
        ("Was the model rolled back?", None),
        ("Has it been rolled back since yesterday?", None),
        ("Why did the agent roll back?", None),
        ("롤백됐어?", None),
        ("모델을 왜 되돌렸어?", None),
        ("Watch the served model", None),
    ],
)
def test_rolling_back_by_itself_is_asked_for_refused_or_only_asked_about(
    sentence: str, wanted: bool | None
) -> None:
    assert wants_roll_back(sentence) is wanted


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("Raise the challenger's share to 30%", {"share": 0.3}),
        ("도전자에게 트래픽 30%를 보내줘", {"share": 0.3}),
        ("Send 20% of the traffic to the challenger", {}),
        ("Shadow test the new version", {"mode": "shadow"}),
        ("Which version is winning the A/B test?", {}),
    ],
)
def test_a_running_trial_is_changed_by_another_share_or_mode(
    sentence: str, changed: dict[str, object]
) -> None:
    going = Trial(version=2, mode="split", share=0.2)
    assert changes_asked_for(sentence, TrialParams(), going) == changed


def test_a_share_ends_a_shadow() -> None:
    shadow = Trial(version=2, mode="shadow")
    asked = changes_asked_for("Send 10% of the requests to the challenger", TrialParams(), shadow)
    assert asked == {"mode": "split", "share": 0.1}
    assert changes_asked_for("How is the shadow test going?", TrialParams(), shadow) == {}


def test_a_roll_back_is_told_until_another_version_answers() -> None:
    watch = Watch(rollback=True, rolled_back={"from": 2, "to": 1})
    endpoint = Endpoint(name="late", port=9, version=1, watch=watch)
    assert endpoint.with_version(1, 5).watch == watch
    after = endpoint.with_version(3, 5).watch
    assert after is not None
    assert (after.rolled_back, after.rollback, after.since) == (None, True, 5)
