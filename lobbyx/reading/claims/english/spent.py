"""Is this money spent on lobbying the federal government? Features of a figure for and against it."""

from __future__ import annotations

import re

from lobbyx.reading.claims.context import FAR
from lobbyx.reading.claims.english import comparisons, sums
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.english.words import pattern
from lobbyx.reading.claims.mentions import Figure

Features = dict[str, float]

_ON = re.compile(
    r"(?i)^[\s,]*(?:\([^)]{0,40}\)\s?)?(?:(?:in|on|for|of|to|into|toward|towards|worth of|through|by"
    r"|at)\s)?[^,;.$()]{0,60}$"
)
_TO_LOBBY = re.compile(
    r"(?i)^\s(?:\w+\s){0,4}?(?:on|in|of|for|to|into|as|toward|towards|worth\sof|via|through|lobbying)\b"
)
_TOLD_OF_LOBBYING = re.compile(
    r"(?i)^\s(?:(?:that|which)\s)?(?:[\w’'.&-]+\s){1,7}?(?:spent|spend|spends|paid|pays|devoted|put|poured|laid|gave)\s"
    r"(?:out\s)?(?:(?:on|in|into|to|for|its|the|their|federal|outside|hired|washington)\s){0,3}lobby"
)
_PURPOSE = re.compile(
    r"(?i)^\s(?:more\s)?(?:(?:on|for|toward|towards|into|in|worth\sof)\s(?!(?:the\s|its\s|their\s|a\s|all\s|each\s"
    r"|every\s)?(?:first|second|third|fourth|final|last|past|previous|prior|same|opening|full|whole|quarter|year"
    r"|period|latest|most|current|(?:three|six|nine|[0-9]+)\s(?:months|quarters|years)|months?|washington|d\.c|total"
    r"|all|top\sof|average|behalf|january|february|march|april|may|june|july|august|september|october|november|december|q[1-4]|h[12]"
    r"|[12][0-9]{3}|today|federal|congress|that|this|it)\b)"
    r"|to\s(?!lobby|influence|k\sstreet|be\s(?:exact|precise)\b|date\b|(?:outside|washington|its|federal)\b))(?P<what>(?:(?!\b(?:whose|that|which"
    r"|who|while|when|as)\b)[^,;.$]){1,60})"
)
_TO_DO_OTHER = re.compile(
    r"(?i)^\sto\s(?:settle|resolve|acquire|buy|purchase|end|build|rescue|bail|cover|defend|elect|re-elect|defeat|support"
    r"|oppose|unseat|sponsor|advertise|repair|renovate)\b"
)
"""What money is spent to do that is no lobbying, though a lawsuit may be "over its lobbying"."""
_ON_ISSUES = re.compile(
    r"(?i)^\s(?:on|over|to\s(?:win|ease|loosen|block|kill|shape|change|weaken|fight|defeat|pass|oppose|stop|promote))\s[^.;$]{0,110}?"
    r"\b(?:issues|matters|topics|subjects|legislation|bills?|rules|regulations?|polic(?:y|ies))\b"
)
"""What lobbying is about, though it names money of another kind: "on taxes, trade and other issues"."""
_GOES_ON = re.compile(
    r"(?i)(?:it|that|this|(?:its|their|the)\s(?:[\w-]+\s){0,2}?(?:bill|tab|outlays?|expenditures?|spending|expenses|total|figure|sum))"
)
_TAKES = re.compile(
    r"(?i)rais(?:e|es|ed|ing)|held|holds?|holding|tak(?:e|es|ing|en)|took|seeks?|sought|earn\w*|make|made|makes|won"
    r"|lost|lose|wants?"
)
_DISCLOSED = re.compile(
    r"(?i)\blobbying (?:disclosures?|reports?|records?|filings?|returns?)\b|\b(?:disclosure|senate|federal|quarterly"
    r"|congressional|house) (?:disclosures?|records?|filings?|reports?|forms?|documents?)\b|\b(?:first|second|third"
    r"|fourth|latest|year-end)[- ](?:quarter\s)?(?:reports?|disclosures?|filings?)\b|\blda\b|\bopensecrets\b"
    r"|center for responsive politics|\b(?:disclosures?|filings?) (?:filed|made|submitted)\b"
)
_LOBBYISTS_FOR = re.compile(
    r"(?i)\blobbyists (?:working |hired )?(?:for|by|of)\b[^.;$]{0,40}"
    r"\b(?:received|got|collected|been paid|were paid|earned)\b"
)
_WHERE_FROM = re.compile(
    r"\b(?:parent|owner|company|group|firm|headquarters|offices?|maker)\sin\s[A-Z]\w+"
    r"|\b[A-Z]\w+(?:\s[A-Z]\w+)?-(?:based|backed|owned|listed|headquartered|born)\b|\bbased in (?:[A-Z]\w+[ ,]*)+"
)
_IN_KIND = re.compile(
    r"(?i)^\s(?:in|of)\s(?:[\w-]+\s){0,4}?(?:(?:outside|independent|political|election)\s(?:spending|expenditures)|fees|revenues?|income|billings|contracts|donations|contributions|grants|sales"
    r"|profits?|earnings|fines|penalties|damages|taxes|subsidies|aid|loans|bonuses|stock|shares|ads|advertising|bets"
    r"|assets|funding|cash|gifts|aid|relief|savings|business|campaign)\b"
)
_TO_POLITICS = re.compile(
    r"(?i)^\s(?:(?:went|goes|flowed|has\sgone)\s)?(?:in|into|to|for|on|toward)\s(?:(?!lobby)[\w’'-]+\s){0,4}?"
    r"(?:committees?|campaigns?|candidates?|pacs?|(?:political|national)\sparties|politicians|midterms?)\b"
)
_PAY = re.compile(
    r"(?i)\bpa(?:id|ys?|ying)\s(?:its|their|his|her|the)\s(?:[\w’'-]+\s){0,2}?(?:chiefs?|ceo|executives?|officers?|directors?"
    r"|workers|employees|staff|shareholders|founders?|chairman|president|investors|drivers|farmers)\s(?:[\w-]+\s){0,3}$"
)
"""What people are paid: "paid its chief executive $9 million"."""
_FROM_CLIENT = re.compile(
    r"(?i)^(?:\s(?:in|of)\s(?:\w+\s){0,2}fees)?(?:,?\s(?:of\s(?:it|them)\s)?(?:a|per|each)\s\w+)?\s(?:from|paid\sby|of\sthem\spaid\sby)\s"
    r"(?:its\s(?:[\w-]+\s){0,3}client,\s)?(?:the\s)?(?:(?-i:[A-Z])|it\b|company\b|tribe\b|association\b|utility\b)"
)
"""What a firm took in from a client that is named is what the client spent."""
_MIXED = re.compile(
    r"(?i)\bstate\sand\sfederal\slobbying|\bfederal\sand\sstate\slobbying|\b(?:pr|public\srelations|elections?)\sand\slobbying"
    r"|\bcampaign\s(?:gifts|contributions|donations)\sas\swell\sas\slobbying|\blobbying\sand\spolitics\b"
    r"|\blobbying\sand\s(?:pr|public\srelations|elections?)\b"
    r"|\b(?:campaign|political|election)\s(?:money|contributions?|donations?|giving|spending|cash)\s(?:and|plus)\s(?:\w+\s)?lobbying"
    r"|\blobbying\s(?:and|plus)\s(?:(?:campaign|political|election)\s)?(?:contributions?|donations?|giving|campaigns?)\b"
    r"|\b(?:gifts|donations?|contributions?)\s(?:[\w-]+\s){0,4}(?:and|plus)\s(?:[\w-]+\s){0,2}lobbying"
)
"""One sum for lobbying and for other money."""
_INVESTS = re.compile(r"(?i)invest(?:s|ed|ing)?")
_INTO_LOBBYING = re.compile(r"(?i)^\s(?:each\s)?(?:in|on|into)\s(?:[\w-]+\s){0,3}(?:lobb|influenc|advocacy)")
_LOBBYING_BUDGET = re.compile(r"(?i)\blobby(?:ing)?\s(?:budgets?|spending|efforts?|operations?|outlays?)\b[^;$]{0,20}$")
_SPENT_ON = re.compile(
    r"(?i)(?:lobb|influenc|advoca|k\sstreet|washington|expens|expend|outlay|spending|cost|fees|payments|congress"
    r"|capitol|lawmakers|policymak|federal)"
)


def speaks(sentence: str) -> bool:
    """Whether a sentence speaks of lobbying, not of a room."""
    without = pattern("gate", "rooms").sub("", sentence)
    return pattern("gate", "lobbying").search(without) is not None


def speaks_of_money(sentence: str) -> bool:
    """Whether a sentence speaks of what lobbying cost, so that the next one may go on about it."""
    return pattern("gate", "topic").search(sentence) is not None and not is_elsewhere(sentence)


def is_elsewhere(sentence: str) -> bool:
    """Whether a sentence is about lobbying other governments than the federal one."""
    said = _WHERE_FROM.sub("", sentence)
    return bool(pattern("gate", "elsewhere").search(said)) and not pattern("gate", "federal").search(said)


def is_of_a_disclosure(sentence: str) -> bool:
    """Whether a sentence tells what disclosures say, so that alone it may be about lobbying without the word."""
    return _DISCLOSED.search(sentence) is not None


def features(scene: Scene, place: Place, accepted_before: bool, last: bool | None = None) -> Features:
    """What speaks for and against a figure being money spent on lobbying.

    `accepted_before`: an earlier one of the sentence is; `last`: whether the one just before is, None for none.
    """
    figure, sentence = place.figure, scene.sentence
    start, end = scene.clause(figure)
    clause_head, clause_tail = sentence[start : figure.start], sentence[figure.end : end]
    start = max([start, *(f.end for f in scene.figures if f.kind == "money" and f.end <= figure.start)])
    end = min([end, *(f.start for f in scene.figures if f.kind == "money" and f.start >= figure.end)])
    spending = [m.start() for m in pattern("gate", "outlay").finditer(sentence, start, figure.start)]
    start = max([start, *spending])  # "donated $1 million to a campaign after spending $3 million on lobbying"
    found: Features = {"bias": 1.0}

    def add(name: str, holds: object) -> None:
        if holds:
            found[name] = 1.0

    tail = sentence[figure.end :]
    until_figure = next((f.start for f in scene.figures if f.start >= figure.end), len(sentence)) - figure.end
    near_tail = tail[: min(90, until_figure)]
    lobby_after = pattern("gate", "lobbying").search(near_tail)
    add(
        "lobby_right_after",
        lobby_after
        and not re.search(r"(?i)\b(?:whose|that|which|who|when|as|while)\b", near_tail[: lobby_after.start()])
        and _TO_LOBBY.match(near_tail)
        and not re.search(r"[;$]|, (?:and|but|while)", near_tail[: lobby_after.start()]),
    )
    add("lobby_before_clause", pattern("gate", "lobbying").search(clause_head))
    add("lobby_after_clause", pattern("gate", "lobbying").search(clause_tail))
    says_so = speaks(sentence)
    add("lobby_in_sentence", says_so)
    add("lobby_before_only", not says_so and scene.context.follows)
    add("lobby_just_before", not says_so and not scene.context.follows and scene.context.spoke)
    add("lobby_in_text_only", not says_so and not scene.context.follows and not scene.context.spoke)
    lately = not says_so and not scene.context.follows and scene.context.since < FAR
    add("lobby_lately", lately)
    add("quoted_disclosure", not says_so and not scene.context.follows and scene.context.quoted)
    add("average", sums.average(clause_head, sentence[figure.end :], clause_tail))
    add("to_lobbyists", re.match(r"(?i)\sto\s(?:[\w-]+\s){0,2}lobby(?:ists|ing\sfirms|ing\sshops)\b", tail))
    add("told_of_lobbying", _TOLD_OF_LOBBYING.match(near_tail))
    add("in_kind", _IN_KIND.match(near_tail))
    since_last = _since_last(scene, figure)
    before = figure.start - len(since_last)
    named = any(before <= n.start and n.end <= figure.start for n in scene.names)
    listed = _no_verb_since_last(scene, figure) and (
        re.search(r"(?i)\band\b|\bthen\b", since_last) is not None
        or (named and re.search(r",|;|\)", since_last) is not None)
    )
    add("listed_with_rejected", last is False and listed)
    add("compared_with_rejected", last is False and place.compared)
    sums_before = [p for p in scene.places if p.figure.kind == "money" and p.figure.end <= figure.start]
    add("goes_from_rejected", last is False and comparisons.now_of(scene, sums_before[-1]) is place)
    _structural(scene, place, add)
    governed = _governed_text(scene, place)
    verb = scene.structure.tokens[place.predicate].text
    add("verb_spends", pattern("gate", "spending").fullmatch(verb))
    relation = scene.structure.tokens[place.token].relation
    add(
        "soon_spending",
        "lobby_in_text_only" in found and scene.context.soon and pattern("gate", "outlay").fullmatch(verb),
    )
    follows_only = not says_so and (scene.context.follows or scene.context.spoke)
    subject = " ".join(scene.sentence[slice(*scene.structure.span(s))] for s in scene.subjects(place.predicate))
    add("lately_spending", lately and pattern("gate", "outlay").fullmatch(verb))
    add("lately_level", lately and pattern("gate", "level").fullmatch(verb) and _GOES_ON.fullmatch(subject))
    add(
        "goes_on_spending",
        follows_only and pattern("gate", "outlay").fullmatch(verb),
    )
    add(
        "goes_on_level",
        follows_only
        and pattern("gate", "level").fullmatch(verb)
        and re.search(
            r"(?i)\b(?:figure|total|sum|amount|number|spending|tab|bill|outlays?|expenditures?|expenses|that|this"
            r"|costs?)\b|[’']s?$",
            subject,
        ),
    )
    near_only = not says_so and not follows_only and scene.context.about_lobbying
    add(
        "near_level",
        near_only
        and pattern("gate", "level").fullmatch(verb)
        and re.search(r"(?i)\b(?:bill|tab|outlays?|expenditures?|spending|lobbying|total)\b", subject),
    )
    add(
        "goes_on_owner",
        follows_only
        and re.match(
            r"(?:[A-Z][\w&.-]*\s){0,4}[A-Z][\w&.-]*[’']s?(?:,|\s(?:was|were|rose|fell|came|stood|exceeded|topped"
            r"|reached|is))",
            sentence,
        ),
    )
    add(
        "lobbyists_received",
        re.search(_LOBBYISTS_FOR, sentence[: figure.start])
        or (
            re.search(
                r"(?i)\b(?:lobbyists|(?:lobbying|lobby|outside|k street) (?:firms|shops))\b[^.;]{0,40}\b(?:received|got"
                r"|collected|been paid|were paid|earned|taken in)\b",
                sentence[: figure.start],
            )
            and re.search(r"(?i)^[^.;$]{0,20}\b(?:from|by|of the|of its)\b", near_tail)
        ),
    )
    known = ("goes_on_spending", "goes_on_level", "goes_on_owner", "compared_with_accepted", "lobbyists_received")
    add("goes_on_otherwise", follows_only and not place.compared and not any(k in found for k in known))
    add("takes_it", relation == "dobj" and _TAKES.fullmatch(verb))
    add(
        "earned_by_lobbying",
        re.search(r"(?i)\b(?:earn(?:ed|s|ing)?|made|makes)\s(?:\w+\s){0,2}$", clause_head)
        and re.match(r"(?i)\s(?:for\s|by\s)?lobbying\b", tail),
    )
    add("told_by_disclosures", _DISCLOSED.search(sentence))
    add("verb_levels", "takes_it" not in found and pattern("gate", "level").fullmatch(verb))
    add(
        "be_without_lobbying",
        re.fullmatch(r"(?i)is|was|are|were|costs?", verb)
        and not re.search(
            r"(?i)\blobbying\b|\bspending\b|\bexpen|outlay|\b(?:bill|tab|figure|total|sum|number|amount|that|it"
            r"|this)\b|[’']s$",
            subject,
        )
        and "lobby_right_after" not in found,
    )
    into_lobbying = _INVESTS.fullmatch(verb) and (
        _INTO_LOBBYING.match(near_tail) or _LOBBYING_BUDGET.search(clause_head)
    )
    subject_other = _subject_is_other(scene, place)
    from_client = None if subject_other else _FROM_CLIENT.match(tail)
    add("from_client", from_client)
    taken = "lobbyists_received" in found or into_lobbying or from_client
    add("verb_other", not taken and pattern("gate", "other_verbs").match(verb))
    add("noun_other_direct", _direct_noun(scene, place) or _TO_POLITICS.match(near_tail))
    add(
        "verb_other_near",
        not taken
        and pattern("gate", "other_verbs").search(scene.unnamed[max(start, figure.start - 45) : figure.start]),
    )
    add("subject_other", subject_other)
    add("noun_spends", pattern("gate", "spending").search(governed))
    add("noun_other_around", pattern("gate", "other_nouns").search(governed))
    add(
        "noun_other_near",
        pattern("gate", "other_nouns").search(scene.unnamed[max(start, figure.start - 45) : min(end, figure.end + 30)]),
    )
    skipped = next((t.end for t in scene.times if 0 <= t.start - figure.end <= 2), figure.end) - figure.end
    on_issues = (says_so or scene.context.follows) and _ON_ISSUES.match(tail)
    if on_issues:
        found.pop("noun_other_near", None)
    purpose = _PURPOSE.match(near_tail) or (skipped and _PURPOSE.match(near_tail[skipped:])) or None
    add(
        "purpose_other",
        _TO_DO_OTHER.match(near_tail) or (purpose and not on_issues and not _SPENT_ON.search(purpose["what"])),
    )
    if _PAY.search(clause_head):
        found["purpose_other"] = found["noun_other_direct"] = 1.0
    if "purpose_other" in found:
        found.pop("goes_on_spending", None)
    add(
        "worth",
        re.search(r"(?i)\b(?:worth|valued at|priced at|costing)\s(?:\w+\s){0,3}$", clause_head)
        and not re.search(r"(?i)lobbying\s(?:effort|campaign|push|operation)?\s?(?:worth|cost\w*)", clause_head),
    )
    add(
        "income",
        pattern("gate", "income").search(scene.unnamed[max(start, figure.start - 70) : min(end, figure.end + 40)]),
    )
    add("mixed", _MIXED.search(sentence[start : min(end, figure.end + 80)]) or _MIXED.search(clause_head))
    add("rule", pattern("gate", "rule").search(sentence))
    add("elsewhere", is_elsewhere(sentence))
    add("elsewhere_in_clause", is_elsewhere(sentence[start:end]) and not is_elsewhere(sentence))
    add("goes_on", accepted_before)
    add("compared_with_accepted", accepted_before and place.compared)
    add("listed_with_accepted", last is True and listed)
    if figure.kind == "money":
        dollars = figure.value / 100
        years = any(t.shape in ("since", "range", "past", "to_date") for t in scene.times)
        add("over_7_billion", dollars > 7e9 and not years)
        everybody = any(n.kind in ("total", "group") for n in scene.names)
        add("billions_of_one", dollars >= 1e9 and not everybody and any(n.kind == "name" for n in scene.names))
        add("over_200_million", dollars > 2e8)
        add("under_1000", dollars < 1_000)
        add(
            "unit_after",
            re.match(
                r"(?i)\s(?:an? |per )(?:ton|barrel|gallon|share|plate|person|head|ticket|hour|day|month each|pound"
                r"|apiece|each)\b|\s(?:apiece|each)\b",
                tail,
            ),
        )
        add(
            "adjective",
            re.match(
                r"(?i)\s(?:over|under|above|below)\s(?:budget|cost|plan)\b|-?\s(?:bill|deal|contract|package|settlement|fine|penalty|fund|plan|program|project|merger"
                r"|acquisition|takeover|lawsuit|house|home|townhouse|grant|loan|tax|industry|market|company|stake"
                r"|budget|proposal|investment|makeover|donation|contribution|gift|purchase|plant|factory"
                r"|spending (?:bill|package)|infrastructure|rescue|bailout|stimulus|defense bill|civil|super|payout"
                r"|bond|factory)\b(?!\sfor\slobbying)",
                tail,
            )
            and not re.match(r"(?i)-?\s(?:bill|budget)\sfor\slobbying", tail),
        )
    return found


def change_features(scene: Scene, place: Place, sums: bool) -> Features:
    """The same for a change; `sums`: the sentence has a sum that was spent on lobbying."""
    figure, sentence = place.figure, scene.sentence
    start, end = scene.clause(figure)
    clause = sentence[start:end]
    found: Features = {"bias": 1.0}
    near = scene.unnamed[max(start, figure.start - 60) : min(end, figure.end + 30)]
    says_so = pattern("gate", "lobbying").search(clause) is not None
    tests = {
        "sums": sums,
        "lobby_in_clause": says_so,
        "money_in_clause": pattern("statements", "money").search(clause) is not None,
        "lobby_in_sentence": speaks(sentence),
        "follows_claim": scene.context.follows,
        "follows_rejected": not sums
        and any(f.kind == "money" and start <= f.start and f.end <= figure.start for f in scene.figures),
        "subject_other": _subject_is_other(scene, place),
        "lobbying_grew": _subject_is_of_lobbying(scene, place),
        "other_near": (pattern("gate", "other_nouns").search(near) or pattern("gate", "other_verbs").search(near))
        is not None,
        "not_money": pattern("statements", "not_money").search(near) is not None,
        "income": pattern("gate", "income").search(near) is not None,
        "elsewhere": is_elsewhere(sentence),
        "rule": pattern("gate", "rule").search(sentence) is not None,
    }
    found.update({name: 1.0 for name, holds in tests.items() if holds})
    return found


def _subject_is_other(scene: Scene, place: Place) -> bool:
    """Whether it is money of another kind that is told of: "tickets cost $5,000"."""
    return any(pattern("gate", "other_nouns").fullmatch(head) for head in _subject_heads(scene, place))


def _subject_is_of_lobbying(scene: Scene, place: Place) -> bool:
    """Whether it is lobbying, or spending, that grew: "its lobbying has nearly doubled"."""
    lobbying = re.compile(r"(?i)lobbying|spending|outlays?|expenditures?|expenses")
    return any(lobbying.fullmatch(head) for head in _subject_heads(scene, place))


def _subject_heads(scene: Scene, place: Place) -> list[str]:
    return [scene.structure.tokens[s].text for s in scene.subjects(place.predicate)]


def _structural(scene: Scene, place: Place, add: object) -> None:
    structure = scene.structure
    assert callable(add)
    lobby = [
        i
        for i, t in enumerate(structure.tokens)
        if pattern("gate", "lobbying").match(scene.sentence[t.start : t.start + 40])
    ]
    if not lobby:
        return
    under = set(structure.under(place.token))
    add("lobby_under", any(i in under for i in lobby))
    add("lobby_is_verb", any(i == place.predicate for i in lobby))
    subjects: set[int] = set()
    for s in scene.subjects(place.predicate):
        subjects |= set(structure.under(s))
    deeds = [i for i in lobby if re.match(r"(?i)lobby(?:ing)?$|lobbied", structure.tokens[i].text)]
    add("lobbying_in_subject", any(i in subjects for i in deeds))
    add(
        "lobby_costs",
        any(i in subjects for i in lobby) and re.fullmatch(r"(?i)costs?", structure.tokens[place.predicate].text),
    )
    add("lobbyists_in_subject", any(i in subjects for i in lobby if i not in deeds))
    rest = set(structure.under(place.predicate)) - under - subjects
    add("lobbying_in_predicate", any(i in rest for i in deeds))
    add("lobbyists_in_predicate", any(i in rest for i in lobby if i not in deeds))
    above = set(structure.above(place.token))
    add("lobby_above", any(i in above for i in lobby))


def _direct_noun(scene: Scene, place: Place) -> bool:
    """Whether a figure is that of money of another kind: "profits of $446 million", "a check for $1 million"."""
    tokens = scene.structure.tokens
    head = tokens[place.token].head
    if tokens[head].relation == "prep" and tokens[head].text.lower() in ("of", "for", "at", "worth", "from"):
        head = tokens[head].head
        return (
            tokens[head].tag.startswith("NN")
            and pattern("gate", "other_nouns").fullmatch(tokens[head].text) is not None
        )
    return False


def _governed_text(scene: Scene, place: Place) -> str:
    """The nouns between a figure and its verb, with what stands beside them."""
    structure = scene.structure
    parts = []
    for at in structure.above(place.token):
        if at == place.predicate:
            break
        token = structure.tokens[at]
        beside = [c for c in structure.children(at) if structure.tokens[c].relation in ("compound", "amod", "nmod")]
        parts += [structure.tokens[c].text for c in sorted(beside)] + [token.text]
    under = [structure.tokens[i] for i in structure.under(place.token)]
    parts += [t.text for t in under if t.tag.startswith("NN") and t.start >= place.figure.end][:3]
    return " ".join(parts)


def _no_verb_since_last(scene: Scene, figure: Figure) -> bool:
    last = max((f.end for f in scene.figures if f.end <= figure.start), default=0)
    return not any(t.tag.startswith("VB") and last <= t.start < figure.start for t in scene.structure.tokens)


def _since_last(scene: Scene, figure: Figure) -> str:
    last = max((f.end for f in scene.figures if f.end <= figure.start), default=0)
    return scene.sentence[last : figure.start]
