"""Korean words that say how somebody found something, and words that turn, strengthen or weaken them.

Written for this project, for reviews and messages about goods and services. Words are stems as the morphological analyser
gives them (`빠르` for 빠르다, `친절` for 친절하다); values are from -3 to 3, on the scale that VADER uses.
"""

_STRENGTHS: dict[float, str] = {
    3.0: ("최고 완벽 대박 감동 환상 강추 끝내주 엄지척 존맛 꿀템 인생템 극찬 최상 최강"),
    2.0: (
        "좋 좋아하 만족 훌륭하 훌륭 추천 맛있 재미있 재밌 즐겁 행복 기쁘 기뻐하 고맙 감사 뛰어나 우수 탁월 친절 "
        "예쁘 이쁘 멋지 멋있 아름답 사랑 사랑스럽 마음에_들 맘에_들 칭찬 반하 감탄 흡족 유용 편안 상쾌 쾌적 "
        "흐뭇하 뿌듯하 신나 재구매 재_구매 기대_이상 가성비_갑 든든하 믿음직 알차 푸짐하 혜자 굿 짱 귀엽 설레 따뜻하 정성 "
        "자랑"
    ),
    1.5: (
        "빠르 깨끗하 깨끗 깔끔 튼튼 편리 편하 쉽 간단하 간단 가볍 신선 꼼꼼 부드럽 촉촉 선명 신속 정확 안전 안정 "
        "안심 실용 효율 저렴 괜찮 믿 믿음 신뢰 덕분 오래가 값어치 유익 세련 고급 풍부 다양 풍성 든든 능숙 성실 "
        "공손 상냥 정중 조용 쫄깃하 고소하 바삭 담백 향긋하 은은 포근 아늑 넉넉 수월 원활 합리 착하 알뜰 똑똑하 "
        "섬세 견고 내구 쏠쏠하 부러워하 부럽 해결 개선_되 나아지 좋아지 싸 똑같 딱_맞 성공 만점 호감 소중 특별 "
        "독특 신기 시원 산뜻 야무지 빠릿빠릿 유연 탄탄 짱짱하 적당 알맞 넓 매력 인상_깊"
    ),
    1.0: (
        "잘 높 밝 도움 효과적 적극 무난 새롭 활기 기대 여유 충분 정상 신경_쓰 다행 즉시 제때 감쪽같 쓸만하 만_하 "
        "친근 익숙"
    ),
    -1.0: (
        "걱정 아쉽 흠잡 조금_작 무겁 다르 짜 싱겁 딱딱 번거롭 어색 흠 부담 낡 답답 미흡 지연 반품 환불 어둡 좁 "
        "헐렁 뻑뻑하 밋밋 평범 애매 심심하 식 차갑 질기 눅눅 푸석하 칙칙 촌스럽 과하 적 소음 냄새 먼지 얼룩 잡음 "
        "복잡 어렵 까다롭 오래_걸리 기다리 헷갈리"
    ),
    -1.5: (
        "늦 느리 비싸 별로 불안 떨어지 아깝 귀찮 시끄럽 지루 소홀 부실 부족 문제 불편 힘들 힘겹 닳 멈추 막히 "
        "끊기 흔들리 새_나오 오류 에러 버그 트러블 실밥 벌레 거칠 어지럽 불쾌 포기 무성의 흐리 뿌옇 헐겁 삐걱 "
        "뜨거워지 발열 미끄럽 위험 누락 실수 착오 오배송 미달 못_미치 의심 부정 손해 낭비 후지 구리 약하 얇 시급 "
        "변색 보풀 미숙 방치 둔하 개선_필요 뒤집어지 풀리 벗겨지"
    ),
    -2.0: (
        "나쁘 싫 싫어하 불만 불평 실망 후회 고장 불량 파손 결함 하자 지저분 더럽 아프 가렵 따갑 찌그러지 깨지 "
        "망가지 부서지 찢어지 터지 맛없 재미없 무례 무시 무책임 불친절 허접 조잡 엉성 성의없 쓸모없 쓸데없 황당 "
        "당황 어이없 속 속이 사기 거짓 과장 짝퉁 가짜 화나 화 열받 속상 상하 상처 녹슬 곰팡이 악취 고통 스트레스 "
        "부작용 슬프 우울 괴롭 두렵 무섭 나빠지 안_좋 악화 먹통 비추 노잼 기대_이하 망치_었 바가지 기분_상하 실패 불신"
    ),
    -3.0: (
        "최악 엉망 형편없 쓰레기 짜증 분노 끔찍 혐오 증오 역겹 경악 폭망 망하 개판 노답 거지 찾_힘들 찾_어렵"
    ),
}
"""Stems by strength. `_` joins two stems that count only together, in this order and near each other."""

_EXISTING = "맛 재미 효과 성의 의미 쓸모 가치 장점 보람 소용 답변 응답 대답 반응 연락 센스 효능 실력 인기 예의 개념 배려 값"
_TURNING_AFTER = "않 못하 말"
_TURNING_BEFORE = "안 못"
_WORKING = (
    "되 받 켜지 나오 열리 먹히 작동 연결 오 하 자 맞 풀 쓰 듣 지키 뜨 닫히 들리 보이 움직이 씻기 닦이 붙"
)
_STRONGER = "너무 정말 진짜 아주 매우 무척 엄청 굉장히 완전 상당히 훨씬 워낙 몹시 대단히 참 특히 더욱 제일 가장 심하 굉장 강력"
_WEAKER = "조금 약간 좀 다소 그나마 살짝 나름 대체로 그럭저럭 은근"
_BUT = "지만 는데 은데 ᆫ데 으나 나 하지만 그러나 그런데 근데 다만 그래도 달리 오히려 반면 ᆫ데요"

WORDS: dict[str, float] = {
    word: value for value, words in _STRENGTHS.items() for word in words.split() if "_" not in word
}
PAIRS: dict[tuple[str, str], float] = {
    (first, second): value
    for value, words in _STRENGTHS.items()
    for first, _, second in (word.partition("_") for word in words.split())
    if second
}
EXISTING = frozenset(_EXISTING.split())
"""Things whose presence is good and whose absence is bad (맛이 있다, 맛이 없다); by themselves they say nothing."""
TURNING_AFTER = frozenset(_TURNING_AFTER.split())
TURNING_BEFORE = frozenset(_TURNING_BEFORE.split())
WORKING = frozenset(_WORKING.split())
"""What goods and people are expected to do: that they do not is bad (충전이 안 되다)."""
DEGREES: dict[str, float] = {
    **dict.fromkeys(_STRONGER.split(), 1.3),
    **dict.fromkeys(_WEAKER.split(), 0.7),
}
"""How much a degree adverb strengthens or weakens the word after it; VADER's boosters are of the same order."""
BUT = frozenset(_BUT.split())
SIGNS: tuple[tuple[str, float], ...] = (
    (r"[ㅠㅜ]{2,}|[ㅠㅜ]\.[ㅠㅜ]|;;+", -1.0),
    (r"[ㅎㅋ]{2,}", 0.5),
    (r"\^\^|:\)|:-\)", 1.0),
    ("[❤♥♡💕😍🥰👍😊😄🎉💯😁🙏]", 2.0),
    ("[👎😡😠🤬😞😢😭💔🤮]", -2.0),
)
"""Laughter, tears and emoji, as patterns."""
