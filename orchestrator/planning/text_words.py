"""How people speak of what others wrote, and of personal data: tone, themes, and hiding who it was. English, then Korean."""

from .concept import Concept, concept

TEXT_CONCEPTS: tuple[Concept, ...] = (
    concept(
        "mask",
        "task",
        r"mask(?:s|ed|ing)?|anonymi[sz]\w*|pseudonym\w*|de-?identif\w*|redact(?:s|ed|ing|ion)?|tokeni[sz]e|"
        r"(?:hid|remov|delet|scrub|strip|eras|blank|cover|replac|obscur|conceal)(?:e|es|ing|bing|ping)?(?: out| up)? "
        r"(?:all |any |the |every |our |their )?(?:(?!duplicat|repeat|missing|invalid|empty|wrong)\w+ )?(?:pii|"
        r"personal\w*|private|sensitive|identif\w+|e-?mails?|phone|"
        r"card numbers?|names? and|social security)(?: (?:data|info\w*|details|addresses|numbers?))?|make "
        r"[^.,;?]{0,30} anonymous",
        r"마스킹|비식별|익명|가명|가려|가린|가리(?:고|기|는|자|면)|별표\S* ?(?:처리|바꿔)|"
        r"(?:개인|민감|식별) ?정보\S* ?(?:\S+ ){0,2}?(?:지워|지우|제거|삭제|없애|숨겨|숨기|빼)|"
        r"(?:이메일|전화번호|연락처|주민등록번호|주민번호|카드번호|이름)\S* ?(?:\S+ ){0,2}?(?:지워|지우|숨겨|숨기)",
    ),
    concept(
        "personal",
        "topic",
        r"pii|personal(?:ly)? (?:data|info\w*|details|identif\w+)|personally identif\w+|sensitive (?:data|"
        r"info\w*|columns?|fields?)|"
        r"private (?:data|info\w*)|privacy|gdpr|resident (?:registration )?numbers?|social security numbers?|"
        r"(?:leak|expos)(?:s|e|es|ed|ing)? (?:\w+ ){0,2}(?:e-?mails?|phone|card|personal)\w*|"
        r"(?:credit )?card numbers?|identif(?:y|ies) (?:people|a person|individuals)",
        r"개인 ?정보|민감 ?정보|(?:개인 ?)?식별 ?정보|신상 ?정보|주민(?:등록)? ?번호|프라이버시|카드 ?번호|"
        r"여권 ?번호",
    ),
    concept(
        "sentiment",
        "task",
        r"sentiments?|opinion mining|polarity|tone of|emotions?|mood|(?:positive|negative)(?:ly)? (?:or|and|"
        r"versus|vs\.?) "
        r"(?:positive|negative)|(?:positive|negative|unhappy|angry|happy) (?:customers?|reviews?|comments?|"
        r"feedback|opinions?|texts?|"
        r"responses?)|how (?:do|did) (?:\w+ ){1,3}feel|(?:like|dislike|hate|love|praise|complain|unhappy|"
        r"happy)\w* (?:about|with)|"
        r"(?:reviews?|comments?|feedback|opinions?) (?:are |is |were )?(?:mostly )?(?:positive|negative|good or bad)",
        r"감성|감정|긍정|부정적?(?: ?(?:리뷰|후기|의견|평가|반응|댓글|이야|적|인지|비율|긍정))|긍부정|호불호|여론|"
        r"(?:고객|사용자|사람|이용자|소비자)\S* ?(?:\S+ ){0,3}?(?:불평|불만|칭찬|만족해|좋아하|싫어하)\S*|"
        r"(?:리뷰|후기|댓글|의견|응답|문의)\S* ?(?:\S+ ){0,2}?(?:불만|칭찬|반응)",
    ),
    concept(
        "themes",
        "task",
        r"topic (?:model\w*|analysis|cluster\w*)|topics?|themes?|key ?(?:words?|phrases?)|words(?= (?:\w+ "
        r"){0,3}?(?:in|appear|come|occur))|text (?:mining|"
        r"analy\w+|cluster\w*)|"
        r"what (?:do|did|are|were) (?:\w+ ){1,3}(?:talk|writ|say|said|complain|mention)\w*(?: about)?|"
        r"(?:analy[sz]e|summari[sz]e|read through|go through|cluster|group|categori[sz]e|digest|mine) (?:all |"
        r"the |our |these |this |"
        r"my |what )*(?:\w+ ){0,2}?(?:reviews|comments|feedback|texts?|free text|open answers|open-ended \w+|"
        r"verbatims|messages|"
        r"complaints|customer voices?)|"
        r"near[- ]duplicate (?:texts?|reviews?|comments?|messages?)|(?:copied|copy-pasted|spam) (?:reviews?|"
        r"comments?)|"
        r"(?:main|recurring|common) (?:complaints|points|issues) in (?:the )?(?:reviews?|comments?|feedback)",
        r"토픽|주제(?!로)|키워드|단어|핵심어|핵심 ?단어|화제|텍스트 ?(?:마이닝|분석|군집|요약)|"
        r"(?:리뷰|후기|댓글|의견|피드백|자유 ?응답|주관식|서술형|문의|게시글|상담)\S* ?(?:\S+ ){0,3}?(?:분석|"
        r"요약|정리|묶어|군집|분류|살펴|훑어|읽)\S*|"
        r"(?:무슨|어떤) (?:이야기|얘기|말|내용|불만|의견)\S* ?(?:\S+ ){0,2}?(?:하|많|있|나오|적)\S*|"
        r"(?:베낀|복붙|거의 같은|비슷한) (?:리뷰|후기|댓글|글|문장|텍스트)",
    ),
    concept(
        "writing",
        "noun",
        r"reviews|comments?|feedback|free[- ]text|open[- ]ended|survey (?:answers|responses|comments)|"
        r"verbatims?|tweets?|posts",
        r"리뷰|후기|댓글|의견|피드백|자유 ?응답|주관식|서술형|게시글|자유 ?서술|텍스트",
    ),
)
