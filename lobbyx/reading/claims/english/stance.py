"""Does the text assert a figure, deny it, ask, or plan it?"""

from __future__ import annotations

import re
from typing import Any

from lobbyx.model.claim import Stance
from lobbyx.reading.claims.english import sums
from lobbyx.reading.claims.english.clauses import Place, Scene

_DENIED_BEFORE = re.compile(
    r"(?i)\b(?:it is|it[’']s|it was|it is simply|that is)\s(?:simply\s|just\s|also\s)?(?:not true|false|untrue|wrong"
    r"|incorrect|inaccurate|a lie|a myth|a rumor|not the case|not correct)\s(?:that|to)\b"
    r"|\b(?:falsely|wrongly|erroneously|incorrectly|mistakenly|inaccurately|misleadingly)\s(?:\w+\s)?(?:claim\w*"
    r"|report\w*|stat\w*|said|asserts?|asserted|suggest\w*|alleg\w*|wrote|put)\b|\b(?:false|untrue|bogus|debunked"
    r"|fabricated|baseless|unfounded|erroneous|incorrect|mistaken|wrong)\s(?:claims?|reports?|rumou?rs?|statements?"
    r"|assertions?|stor(?:y|ies)|posts?|figures?)\s(?:that|of)\b"
    r"|\b(?:no truth to|no evidence (?:that|for|of)|contrary to|den(?:y|ies|ied|ying)|disput(?:es|ed|ing)|reject(?:s"
    r"|ed|ing)|refut(?:es|ed|ing)|debunk(?:s|ed|ing)|retract(?:s|ed|ing)|rebut(?:s|ted)|dismiss(?:es|ed|ing))\b"
)
_DENIED_AFTER = re.compile(
    r"(?i)(?:\b(?:is|was|are|were|has been|proved|turned out to be|,)\s(?:simply\s|flatly\s|just\s|also\s"
    r"|demonstrably\s|since\s)*(?:false|untrue|wrong|incorrect|inaccurate|a lie|a myth|not true|not correct"
    r"|fabricated|debunked|retracted|withdrawn|baseless|denied by|made up(?! of)|disputed)\b"
    r"|\b(?:which|a (?:claim|figure|number) (?:that )?)[^.]{0,40}"
    r"\b(?:den(?:y|ies|ied)|disput(?:es|ed)|reject(?:s|ed)|calls? (?:false|wrong))\b"
    r"|[,;–—]\s(?:but|yet)\s(?:that|this|it|the (?:claim|figure|report|number))\s(?:is|was|isn[’']t"
    r"|wasn[’']t)\s(?:\w+\s)?(?:false|untrue|wrong|incorrect|true|not true|so|right)\b|\bdoes not (?:hold up"
    r"|add up)\b)"
)
_NOT_HERE = re.compile(
    r"(?i)(?<!whether or )\bnot\s(?!(?:only|just|merely|less|more|including|counting|even|to mention)\b)(?:the\s"
    r"|a\s)?(?:reported\s|claimed\s)?$|\b(?:rather than|instead of)\s(?:the\s)?(?:\w+\s){0,2}$"
)
_NEGATED = re.compile(
    r"(?i)^(?:In|At|For) no\b|^(?:Never|Not once)\b|\bnor did\b"
    r"|\bwithout (?:spending|paying)\b|\b(?:was|were|is|are) not among\b|\bfailed to (?:spend|report"
    r"|disclose)\b|\bno company spent\b|\bnone of (?:them|which|the\s\w+) spent\b|\bneither\b[^,;]{0,60}\b(?:spent"
    r"|paid|reported)\b|\b(?:did|has|have|had)(?:\snot|n[’']t)(?:,[^,]{1,40},)?\s(?:spen[dt]|paid|pay)\b"
)
_QUESTIONED = re.compile(
    r"(?i)\b(?:whether|unclear (?:if|how|whether)|not clear (?:if|how|whether)|asked (?:if|whether)|(?:would|could"
    r"|did) not (?:confirm|verify|say (?:if|whether))|declin\w+ to (?:confirm|say (?:if|whether))|(?:refus\w+"
    r"|unable) to (?:confirm|verify)|wonder\w* (?:if|whether)|unconfirmed|unverified|rumou?red(?: to)?"
    r"|rumou?rs?(?: that)?|it is (?:claimed|alleged|said) that"
    r"|(?:is|are|was|were) (?:said|alleged|believed|thought|reputed) to have"
    r"|(?:can|could) ?not be (?:confirmed|verified)|no confirmation|(?:doubts?"
    r"|questions?) (?:that|whether|if))\b"
)
_QUESTIONED_AFTER = re.compile(
    r"(?i)\b(?:could|can) ?not be (?:independently |immediately )?(?:confirmed|verified)\b|\b(?:is|are"
    r"|remains?) (?:unconfirmed|unverified|unclear)\b|\bwould (?:not|neither) confirm\b|\bdeclined to confirm\b"
)
_PLANNED = re.compile(
    r"(?:\b(?i:would|could(?!\s(?:muster|afford|manage|boast|count|claim))|might"
    r"|will|plan(?:s|ned|ning)? (?:to|on)|(?<!than )expect(?:s|ed|ing)?|anticipat\w+"
    r"|foresees?|intend(?:s|ed|ing)? to|must\b|should(?! (?:know|note|remember|bear))"
    r"|propos(?:es|ed|ing) (?:to|that)|pledg\w+|vow\w+|promis\w+"
    r"|hop(?:es|ed|ing) to|going to|on (?:track|pace|course) (?:to|for)|budget(?:ed|s|ing)|set to|aims? to"
    r"|projected to|projects? (?:that|its|the|to)|projected (?:that|to|it|its)|forecasts?|wants? to|considering"
    r"|earmark(?:ed|s|ing)|slated to|poised to|likely to|sets? aside|setting aside|(?<!the )next year|unless|agreed to"
    r"|approved|authoriz\w+|allocat(?:es?|ing)\b|estimates? that it)|(?<!the )\bmay\b(?!\s[0-9])|\b[Ii]f\b)"
)
_PLANS_OF_OTHERS = re.compile(
    r"(?i)\b(?:would|could|might|will|should|must)\s(?:not\s)?(?:say|comment|confirm|disclose|provide|elaborate"
    r"|discuss|be\sreached)\b"
)
_TOLD = re.compile(
    r"(?i)^\s(?:(?:that|which)\s)?(?:it|they|the (?:company|group|firm))\s(?:had\s|has\s)?"
    r"(?:spent|paid|reported|disclosed|did)\b"
)
_MEASURED = re.compile(
    r"(?i)\b(?:than|pass\w*|surpass\w*|exceed\w*|top|topping|beat\w*|match\w*|eclips\w*|break\w*|doubl\w+|tripl\w+"
    r"|twice)\s(?:[\w]+\s){0,4}?(?:the|its|their|that|all|last\syear[’']s)\s(?:[\w]+\s){0,6}$"
)
_PAST = re.compile(
    r"(?i)^(?:-plus)?\s(?:(?:(?:that|which)\s)?(?:was|were|it|they|had|set|spent|reported|recorded|paid|the\s[\w-]+)\s"
    r"|(?:[\w]+\s){0,3}?(?:of|in|for|during|from)\s(?:all\sof\s)?(?:last\s|the\s|(?:19|20)[0-9]{2}\b)|set\s)"
)
_OF_LAST_YEAR = re.compile(
    r"(?i)\b(?:last\syear|(?:19|20)[0-9]{2})[’']s\s(?:(?:about|nearly|almost|roughly|more\sthan|over)\s)?$"
)
"""What a past year saw is no plan, whatever will reach it: "will end close to last year's nearly $12 million"."""
_FIGURE_VERB_REACH = 110


def stance(scene: Scene, place: Place) -> Stance:
    """How the text stands to a figure."""
    if (sum_ := of_sum(scene, place)) is not None:
        return stance(scene, sum_)
    sentence, figure = scene.sentence, place.figure
    start, _ = scene.clause(figure)
    head = sentence[: figure.span[0]]
    clause_head, tail = sentence[start : figure.span[0]], sentence[figure.end :]
    since_last = sentence[max((f.end for f in scene.figures if f.end <= figure.start), default=0) : figure.span[0]]
    if _asks(sentence, figure.end):
        return "questioned"
    if _NOT_HERE.search(clause_head) or _negated(scene, place) or _denied_verb(clause_head):
        return "denied"
    if (m := _DENIED_BEFORE.search(head)) and not _until_asserted(head[m.end() :]):
        return "denied"
    if _DENIED_AFTER.search(tail) and not re.search(r"(?i)\bbut\b.{0,80}\b(?:the|its)\s(?:actual|real|true)\b", head):
        return "denied"
    if (m := _QUESTIONED.search(clause_head)) and m.end() >= len(clause_head) - 160:
        return "questioned"
    if _QUESTIONED_AFTER.search(tail):
        return "questioned"
    reach = since_last if len(since_last) < len(clause_head) else clause_head
    reach = _PLANS_OF_OTHERS.sub(lambda m: " " * len(m.group()), reach[-_FIGURE_VERB_REACH:])
    if _TOLD.match(tail) or _OF_LAST_YEAR.search(clause_head):
        return "asserted"
    if _MEASURED.search(reach) and _PAST.match(tail):
        return "asserted"  # "would pass the $563,000 of 2009"
    begin = figure.span[0] - len(reach)
    for m in _PLANNED.finditer(reach):
        if not _is_of(scene, place, begin + m.start()):
            continue
        between = reach[m.end() :]
        if m.group().lower() in ("will", "would") and re.match(r"(?i)\shave\s(?:spent|paid)\b", between):
            return "planned"
        if m.group().lower() == "if":
            if not re.match(r"(?i)\sany|\syou", between) and not re.search(r"[,;]", between):
                return "planned"
            continue
        if not re.search(
            r"(?i)[,;]\s|\b(?:after|who|which|that)\b.*\b(?:spent|paid)\b|\b(?:spent|paid|reported|totaled)\b", between
        ):
            return "planned"
    if re.match(r"(?i)\s(?:will|would|could|may|is\s(?:expected|likely)\sto)\s(?:be|have\sbeen)\b", tail):
        return "planned"
    if re.match(r"(?i)[^.;,$]{0,40}(?<!the\s)\bnext\s(?:year|quarter)\b", tail):
        return "planned"
    return "asserted"


def of_sum(scene: Scene, place: Place) -> Place | None:
    """The sum that a change, or a difference, is told of at once: "$1.04 million, 65% over the year before"."""
    before = [p for p in scene.places if p.figure.end <= place.figure.span[0]]
    if not place.change or not before or before[-1].change:
        return None
    between = scene.sentence[before[-1].figure.end : place.figure.span[0]]
    verb = any(
        t.tag.startswith("VB") and before[-1].figure.end <= t.start < place.figure.start for t in scene.structure.tokens
    )
    return None if verb or re.search(r"[;:.]|\b(?:and|but|while)\b", between) else before[-1]


def _is_of(scene: Scene, place: Place, at: int) -> bool:
    """Whether a modal verb is that of the figure's predicate: not in "will inherit a machine that cost $4 million"."""
    token = scene.structure.tokens[scene.structure.at(at)]
    if token.tag != "MD" or token.relation != "aux":
        return True
    verb = place.predicate
    while verb != token.head:
        if scene.structure.tokens[verb].relation not in ("xcomp", "ccomp", "conj", "advcl", "pcomp"):
            return False
        verb = scene.structure.tokens[verb].head
    return True


def _negated(scene: Scene, place: Place) -> bool:
    """Whether the figure's predicate is negated, or one whose complement it is: "did not, after all, spend"."""
    tokens = scene.structure.tokens
    at = place.predicate
    while True:
        for child in scene.structure.children(at):
            words = scene.sentence[tokens[child].start : tokens[child].end + 12].lower()
            between = scene.sentence[tokens[child].end : place.figure.start]
            if re.search(r"(?i)\b(?:as|than|until|before|since)\b", between):
                continue  # "had not spent as much as the $1.49 million it did"
            if tokens[child].relation == "neg" and tokens[child].start < place.figure.start:
                return not re.match(r"(?:not|never|n[’']t)\s(?:only|just|merely|less|more|even|until)", words)
        if tokens[at].relation not in ("xcomp", "ccomp") or tokens[at].head == at:
            return False
        at = tokens[at].head
        if not tokens[at].tag.startswith("VB") or re.match(
            r"(?i)clear|say|said|comment|know|surpris\w+|confirm|verify|deny|dispute|discuss|explain|elaborate",
            tokens[at].text,
        ):
            return False


def _denied_verb(head: str) -> bool:
    found = list(_NEGATED.finditer(head))
    if not found:
        return False
    if "among" in found[-1].group().lower():
        return True
    rest = head[found[-1].end() :]
    if re.search(r"(?i)\b(?:as|than)\s", rest):
        return False
    return not re.search(r"[,;]\s(?:but|and it|it)\b|\b(?:spent|paid|but)\b", rest)


def _until_asserted(words: str) -> bool:
    """Whether the text comes back to what is so after a denial: "..., but it spent"."""
    return (
        re.search(
            r"(?i)[,;–—]\s(?:but|and|it|the company)\b.*\b(?:spent|paid|reported|disclosed|was|is|show)\b"
            r"|\brecords show\b|\bactual(?:ly)?\b",
            words,
        )
        is not None
    )


def _asks(sentence: str, place: int) -> bool:
    rest = sentence[place:]
    return rest.rstrip(" \"”’')").endswith("?") and not re.search(r"[.;]\s", rest)


def summed(scene: Scene, place: Place) -> dict[str, Any]:
    """What a sum is where it is no total: the `sum` of a claim's detail with what belongs to it; empty for a total."""
    sentence, figure = scene.sentence, place.figure
    start, end = scene.clause(figure)
    before = [f.end for f in scene.figures if start < f.end <= figure.start]
    near, tail = sentence[max([start, *before]) : figure.span[0]], sentence[figure.end :]
    if difference := sums.difference(near, tail):
        return difference
    if average := sums.average(near, tail, sentence[figure.end : end]):
        return average
    until = next((f.start for f in scene.figures if f.start >= figure.end and f.kind == "money"), len(sentence))
    if sums.outside(near, sentence[figure.end : min(until, end)]):
        return {"sum": "outside"}
    return {"sum": "share"} if sums.share(near, tail) else {}
