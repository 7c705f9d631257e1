"""The words of business data: which words of a question and of a column name mean the same thing.

A concept is a set of English and Korean surface forms, each a phrase of one or more words. English words are compared by
stem, so plurals need no entry of their own.
"""

from mesh.tabular.glossary import GLOSSARY

CONCEPTS: dict[str, str] = {name: ", ".join(words) for name, words in GLOSSARY.items()} | {
    "revenue": (
        "revenue, sales, sale, sales amount, sale amount, sales revenue, sales value, turnover, "
        "extended sales, extended price, 매출, 매출액, 판매액, 판매금액, 판매 금액, 매출 금액, "
        "매출금액, 총매출, 총매출액, 수입, 거래액, 거래금액"
    ),
    "quantity": (
        "quantity, qty, units, unit, quantity sold, units sold, unit sold, sales quantity, "
        "sales volume, volume, order quantity, 거래량, 수량, 판매량, 판매수량, 판매 수량, 주문량, 주문수량, "
        "주문 수량, 매출량, 대수, 판매대수, 판매 대수"
    ),
    "price": (
        "price, unit price, list price, selling price, msrp, 가격, 단가, 판매가, 판매가격, "
        "판매 가격, 판매단가, 값, 비싸, 비싼, 싼"
    ),
    "spend": "spend, spent, spending",
    "person": "people, person, persons",
    "cost": "cost, expense, 비용, 원가, 지출, 지출액",
    "profit": "profit, margin, earnings, 이익, 영업이익, 순이익, 이윤, 마진, 수익",
    "discount": "discount, rebate, 할인, 할인액, 할인율",
    "charge": "charge, fee, bill, 요금, 청구액, 청구금액, 청구 금액, 수수료, 이용료",
    "amount": "amount, value, 금액",
    "region": "region, area, territory, district, province, zone, 지역, 권역, 지방, 구역, 시도",
    "city": "city, town, 도시, 시군구",
    "country": "country, nation, 국가, 나라",
    "state": "state",
    "store": "store, shop, branch, outlet, 매장, 점포, 지점, 가게, 상점",
    "channel": "channel, 채널, 경로, 판매채널, 유통채널",
    "product": "product, model, item, goods, merchandise, sku, 제품, 상품, 품목, 모델, 물건, 아이템",
    "category": "category, 카테고리, 분류, 범주, 상품군, 제품군, 품목군",
    "brand": "brand, maker, manufacturer, mfr, 브랜드, 제조사, 제조업체",
    "customer": "customer, client, subscriber, buyer, member, guest, 고객, 투숙객, 회원, 손님, 구매자, 가입자",
    "user": "user, 사용자, 이용자, 유저",
    "rep": "rep, salesperson, sales rep, sales representative, seller, 영업사원, 판매원, 담당자, 판매자",
    "department": "department, dept, division, team, 부서, 팀, 본부",
    "order": "order, transaction, purchase, invoice, 주문, 거래, 구매, 송장, 결제건",
    "hire": "hire, hired, hiring, 입사, 입사일, 채용",
    "salary": "salary, wage, pay, income, earn, earned, earning, 급여, 연봉, 임금, 월급, 소득",
    "age": "age, 나이, 연령",
    "gender": "gender, sex, 성별",
    "rating": "rating, rated, score, satisfaction, 평점, 점수, 별점, 만족도",
    "weight": "weight, mass, body mass, body weight, bodywt, weigh, 무게, 중량, 체중, 몸무게",
    "speed": "speed, velocity, 속도, 속력",
    "pressure": "pressure, 기압, 압력",
    "temperature": "temperature, temp, 온도, 기온",
    "stock": "stock, inventory, 재고, 재고량",
    "target": "target, goal, 목표, 목표액",
    "visit": "visit, visitor, 방문, 방문자, 방문객, 방문수",
    "session": "session, 세션",
    "churn": (
        "churn, churned, churner, attrition, attrited, exited, cancelled, left the company, 이탈, "
        "해지, 탈퇴, 이탈자, 이탈여부, 이탈 여부, 취소, 취소된, 취소되, 취소 여부"
    ),
    "tenure": (
        "tenure, 가입기간, 가입 기간, 이용기간, 이용 기간, 근속기간, 근속 기간, 재직기간, 사용기간, 사용 기간"
    ),
    "contract": "contract, 계약, 약정",
    "payment": "payment, 결제, 지불, 납부",
    "method": "method, 방법, 수단, 방식",
    "internet": "internet, 인터넷",
    "service": "service, 서비스",
    "phone": "phone, telephone, 전화",
    "senior": "senior, elderly, 노인, 고령, 고령자, 시니어",
    "citizen": "citizen, 시민",
    "partner": "partner, spouse, 배우자, 파트너",
    "dependent": "dependent, 부양가족",
    "paperless": "paperless, 전자청구, 종이없는",
    "billing": "billing, 청구, 청구서",
    "security": "security, 보안",
    "backup": "backup, 백업",
    "device": "device, 기기, 장치",
    "protection": "protection, 보호",
    "support": "support, 지원",
    "tech": "tech, technical, technology, 기술",
    "streaming": "streaming, 스트리밍",
    "line": "line, 회선",
    "online": "online, 온라인",
    "month": "month, monthly, 월, 월간",
    "year": "year, yearly, annual, 연간, 연도, 년도",
    "total": "total, 총, 전체, 총액",
    "date": (
        "date, day, 날짜, 일자, 판매일, 주문일, 거래일, 판매일자, 주문일자, 거래일자, 판매 일자, 주문 일자"
    ),
    "time": "time, timestamp, datetime, 시간, 시각, 일시",
    "bike": "bike, bicycle, 자전거",
    "car": "car, vehicle, 자동차, 차량",
    "electric": "electric, 전기",
    "insurance": "insurance, 보험",
    "grade": "grade, level, tier, 등급",
    "segment": "segment, 세그먼트, 고객군",
    "status": "status, 상태",
    "return": "returned, refund, refunded, 반품, 환불",
    "duration": (
        "duration, length, runtime, length of stay, how long, stay, stayed, lasted, time taken, turnaround, 기간, 소요시간, "
        "소요 시간, 상영시간, 상영 시간, 길이, 소요일, 소요 일수, 재원 기간, 재원일수, 체류 기간, 숙박 기간, 배송 기간, "
        "처리 기간, 며칠, 걸린, 걸려, 걸리, 걸렸"
    ),
    "campaign": "campaign, 캠페인",
    "frame": "frame, 프레임",
    "brake": "brake, 브레이크",
    "artist": "artist, 아티스트, 가수",
}

TRANSPARENT = frozenset(
    "id name code key no type kind nm cd usd krw eur kg 이름 코드 번호 명 유형 아이디".split()  # noqa: SIM905
)
"""Words in a column name that say how a thing is written down, not which thing it is."""

AVERAGED = frozenset(
    {
        "salary",
        "distance",
        "duration",
        "height",
        "weight",
        "width",
        "depth",
        "speed",
        "wind",
        "power",
        "horsepower",
        "pressure",
    }
    | {"age", "price", "temperature", "life expectancy", "rating", "tenure"}
)
"""Concepts that belong to single things: without a word for the aggregate they are averaged."""

ADDED_UP = frozenset({"population", "death", "quantity"})
"""Concepts of which there are so many: without a word for the aggregate they are added up."""

THINGS = frozenset(
    """
    car vehicle automobile animal pet dog cat bird people person passenger student pupil teacher professor player athlete
    employee staff worker patient customer client member user guest character movie film show episode song album book
    article house home apartment property building store shop restaurant hotel school university hospital company firm
    business organization club plane aircraft airplane flight airport airline trip ride journey storm hurricane earthquake
    event accident incident crime breach game match survey respondent participant subject sample specimen plant tree flower
    item product order transaction purchase sale invoice loan application ticket call visit session comment post
    observation measurement household family baby child bill meal case shipment parcel delivery admission booking stay
    차량 자동차 동물 승객 학생 교사 교수 선수 직원 사원 환자 고객 회원 손님 사용자 영화 작품 노래 앨범 책 주택 아파트
    매장 가게 식당 호텔 학교 병원 회사 기업 비행기 항공편 공항 사고 사건 경기 응답자 참가자 표본 식물 나무 상품 제품 주문
    거래 대출 방문 진료 배송 소포 택배 펭귄 가구 건
    """.split()  # noqa: SIM905
)
"""Nouns for what a row may be, which no column needs to be called after."""

EVENTS = frozenset(
    """
    order transaction purchase sale invoice trip ride flight visit session call event accident incident crime breach game
    match shipment parcel delivery admission booking stay loan ticket post comment bill meal case
    주문 거래 대출 방문 진료 배송 소포 택배 사고 사건 경기 건
    """.split()  # noqa: SIM905
)
"""Things that happen: each is a row of its own, even where rows have dates."""

ANY_THING = frozenset(
    {
        "people",
        "person",
        "animal",
        "item",
        "case",
        "event",
        "observation",
        "measurement",
        "동물",
        "사람",
        "건",
    }
)
"""Words that things of many kinds are called by."""

NO_THINGS = frozenset(
    """
    data dataset table sample test train raw clean file list info record sheet export report final new copy sales stat stats
    weather price prices rating ratings result results history summary monthly daily yearly log logs db tbl full small ko en kr
    """.split()  # noqa: SIM905
)
"""Words in a dataset's name that do not say what a row is."""

ENTITIES = frozenset(
    {
        "customer",
        "user",
        "employee",
        "patient",
        "order",
        "booking",
        "visit",
        "product",
        "store",
        "rep",
        "supplier",
    }
)
"""Concepts whose members can be counted."""

PEOPLE = frozenset({"customer", "user", "employee", "patient", "rep"})
"""Entities that act: what they did is counted apart from them."""

WEEKDAYS: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "monday mon 월요일 월",
        "tuesday tue tues 화요일 화",
        "wednesday wed 수요일 수",
        "thursday thu thur thurs 목요일 목",
        "friday fri 금요일 금",
        "saturday sat 토요일 토",
        "sunday sun 일요일 일",
    )
)
"""How the days of the week are written, from Monday on."""

YES = frozenset({"yes", "y", "true", "t", "1", "예", "네", "o", "1.0"})
NO = frozenset({"no", "n", "false", "f", "0", "아니오", "아니요", "x", "0.0"})


def phrases(table: dict[str, str]) -> list[tuple[str, str]]:
    """Every (surface phrase, key) of a table whose values are comma-separated surface forms."""
    return [(phrase.strip(), key) for key, forms in table.items() for phrase in forms.split(",")]


def concept_of(word: str) -> str:
    """The concept that a word alone stands for, else the word itself."""
    return next((key for phrase, key in phrases(CONCEPTS) if phrase == word), word)
