"""Which period a figure is for: the candidates of a sentence and their features."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date

from lobbyx.model.period import Window, quarter_before
from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.english.times import times
from lobbyx.reading.claims.links import Candidate
from lobbyx.reading.claims.mentions import Shift, Time

Features = dict[str, float]

_FILED = re.compile(
    r"(?i)\b(?:filed|made public|released|published|posted|dated|submitted|announced|as of|disclosed|said|reported"
    r"|updated|told|hired|since being|founded in|acquired in|filings? from|report(?:ed)? on|on)\s(?:\w+\s)?$"
)
_EVENT = re.compile(
    r"(?i)\b(?:hired|retained|registered|founded|formed|opened|launched|began|started|went\spublic|moved)\s(?:[\w’'-]+\s){0,5}(?:in\s|since\s)?$"
)
_BASELINE = re.compile(
    r"(?i)(?:\b(?:from|than|over|against|versus|vs\.?|compared\s(?:to|with)|(?:set|put|held)\s(?:beside|against)|measured\sagainst|since|set\sin|relative\sto|ahead\sof"
    r"|above|below|up\son|down\son|as|of|double|triple|twice|half|times|topping|beat\w*|record\sof|high\sof"
    r"|highest\ssince|most\ssince|after)\s(?:the\s|its\s|their\s|that\s|in\s|(?:previous\s|old\s|annual\s|quarterly"
    r"\s|yearly\s|monthly\s)?(?:average|rate|pace|level|figure|total|sum|record|mark|high|peak|one|spending|outlays?)\s"
    r"(?:for\s|of\s|set\s)?|much\sas\s|what\sit\s\w+\s|it\s\w+\s"
    r"|during\s|for\s|(?:end|start|beginning|close|middle)\sof\s|(?:end|start|beginning|close|middle)\s)*)$"
)
_BASELINE_TOLD = re.compile(
    r"(?i)\b(?:than|above|below|over|compared\s(?:to|with)|versus|vs\.?|against|as\sopposed\sto|exceed\w+|surpass\w+|eclips\w+"
    r"|top(?:s|ped|ping)|beat\w*|best(?:ed|ing)|break(?:s|ing)|broke|outpac\w+|dwarf\w+)\s(?:(?:what|its|their|those|that|they|it|he"
    r"|she)\b|(?:[\w’'.&-]+\s){0,5}?(?:lobby(?:ing)?|spend(?:ing)?|outlays?|expend\w+|expenses|totals?|amount|sum|figures?"
    r"|levels?|one|record|mark|high|pace|bill|tab)\b)[^.;$%]{0,70}$"
)
"""A comparison that tells what it is with: "more than what it spent on lobbying during the first half"."""
_ROLE = re.compile(
    r"(?i)\b(from|to)\s(?:(?:about|nearly|almost|some|roughly|over|more\sthan|just|only|around|a|the)\s)*$"
)
_FROM = re.compile(r"(?i)\b(?:from|than|against|versus|compared\s(?:to|with)|over|after)\b[^;]{0,40}\$[^;]{0,20}$")
_GROWN_FROM = re.compile(
    r"(?i)(?:%|percent|doubled|tripled)\s(?:[a-z]+\s)?(?:from|over|on|above|below|than)\s(?:in\s|the\s)*$"
)
_RECORD = re.compile(
    r"(?i)\b(?:most|highest|heaviest|biggest|largest|record|busiest|lowest|least|smallest|high|peak)\b[^,;]{0,40}$"
)


def candidates(scene: Scene, place: Place) -> list[Candidate[Time | None]]:
    """The periods a figure may be for, each with its features; None is "not said"."""
    averaged = re.search(r"(?i)\baverag", scene.sentence[: place.figure.start]) is not None
    found: list[Candidate[Time | None]] = [
        Candidate(_last_of(time) if place.change and not averaged else time, _features(scene, place, time))
        for time in scene.times
        if not _is_elsewhere(scene, time)
    ]
    grown = re.search(r"(?i)\bto\s(?:\w+\s){0,2}$", scene.sentence[: place.figure.span[0]][-30:])
    for time in scene.times if grown and not place.change else ():
        if (last := _last_of(time)) is not time:  # "quintupled between 2012 and 2017, to $13 million"
            found.append(Candidate(last, _features(scene, place, time) | {"last_of_range": 1.0}))
    if place.compared and scene.context is not None:
        found += _implied(scene, place)
    none: Features = {"none": 1.0}
    if not scene.times:
        none["none_no_times"] = 1.0
    if place.compared and not scene.times:
        none["none_compared"] = 1.0
    found.append(Candidate(None, none))
    carried = scene.context.window
    if carried is not None:
        at = place.figure.start
        features: Features = {"carried": 1.0}
        if not scene.context.follows:
            features["carried_from_afar"] = 1.0
        if not scene.times:
            features["carried_no_times"] = 1.0
        if place.compared:
            features["carried_compared"] = 1.0
        found.append(Candidate(Time(at, at, carried, shape="carried"), features))
        if (baseline := scene.context.baseline) is not None:
            features = {"carried_baseline": 1.0, f"carried_baseline_{'compared' if place.compared else 'told'}": 1.0}
            features["carried_no_times" if not scene.times else "carried_baseline_with_times"] = 1.0
            found.append(Candidate(Time(at, at, baseline, shape="carried"), features))
    if not place.compared:
        found += _implied_now(scene, place)
    return found


def announced(sentence: str, published: date | None) -> tuple[Window, Window] | None:
    """The period, and the one it is compared with, that a sentence without a sum announces for those that follow."""
    if not sentence.endswith(":"):
        return None
    told = [t for t in times(sentence, published) if t.window.start and t.window.end and t.shape != "day"]
    if len(told) != 2 or not _BASELINE.search(sentence[: told[1].start]):
        return None
    return told[0].window, told[1].window


def _is_elsewhere(scene: Scene, time: Time) -> bool:
    """Whether a time is that of no sum: a single day, or another occasion of the same ("As in 2022, it leads")."""
    return (
        time.shape == "day"
        or re.search(r"(?i)(?:^|,\s)(?:as|like|unlike)\s$", scene.sentence[: time.start]) is not None
    )


def _features(scene: Scene, place: Place, time: Time) -> Features:
    structure, sentence, figure = scene.structure, scene.sentence, place.figure
    start, end = figure.span
    before = time.end <= start
    low, high = (time.end, start) if before else (end, time.start)
    between = sentence[low:high] if low < high else ""
    found: Features = {f"shape_{time.shape}": 1.0, "before" if before else "after": 1.0}

    def add(feature: str, holds: object) -> None:
        if holds:
            found[feature] = 1.0

    figures_between = scene.figures_between(low, high) if low < high else 0
    times_between = sum(1 for t in scene.times if t is not time and low <= t.start and t.end <= high)
    found["distance"] = math.log1p(max(0, high - low)) / 4
    found["figures_between"] = float(min(figures_between, 3))
    found["times_between"] = float(min(times_between, 3))
    add("broken", low < high and scene.broken(low, high))
    add("parted", re.search(r";|\.\s|—", between))
    add("comma_between", "," in between)
    add("first_after", not before and figures_between == 0 and times_between == 0)
    add("last_before", before and figures_between == 0 and times_between == 0)
    add("right_after", not before and high - low <= 2)
    add(
        "right_after_lobbying",
        not before
        and re.fullmatch(
            r"(?i)\s(?:[\w.-]+\s){0,3}?(?:lobbying|lobbyists|expenses|expenditures|outlays|costs"
            r"|spending)[\w\s.]{0,40}\s?",
            between,
        ),
    )
    add("leading", time.start <= 4 or (before and time.start <= 30 and sentence[time.end : time.end + 1] == ","))
    add("parenthesized_with", "(" in sentence[max(0, start - 30) : start] and ")" not in between and not before)
    top = structure.top(time.start, time.end)
    chain = [top, *structure.above(top)]
    under = set(structure.under(place.token))
    add("under_figure", top in under)
    add("same_predicate", scene.predicate(top) == place.predicate)
    add("predicate_above", scene.predicate(top) in scene.governing(place.predicate)[1:])
    add("predicate_below", place.predicate in scene.governing(scene.predicate(top))[1:])
    subjects = scene.subjects(place.predicate)
    add("in_subject", any(s in chain for s in subjects))
    add("in_subject_up", any(s in chain for v in scene.governing(place.predicate)[1:] for s in scene.subjects(v)))
    nearer = [
        f
        for f in scene.figures
        if f is not figure
        and f.kind == "money"
        and _gap(f.start, f.end, time) < _gap(start, end, time)
        and not _parted(scene, f, time)
    ]
    add("nearer_to_another", nearer)
    add(
        "follows_another",
        not before and any(f.end <= time.start and f.start >= end for f in scene.figures if f.kind == "money"),
    )
    relative = time.shift is not None
    add("compared_relative", place.compared and relative)
    add("compared_absolute", place.compared and not relative)
    add("plain_relative", not place.compared and relative)
    compared_between = re.search(r"(?i)\b(?:from|against|compared|than|versus|vs|up|down|over)\b", between)
    add("compared_between", compared_between and not place.compared)
    add("compared_time_before", place.compared and before)
    head = sentence[max(0, time.start - 40) : time.start]
    words = sentence[time.start : time.end]
    since_last = sentence[max((f.end for f in scene.figures if f.end <= time.start), default=0) : time.start]
    told = _BASELINE_TOLD.search(since_last)
    beaten = before and re.match(r"(?i)[’']s\s(?:[a-z]+\s)?by\s", between)  # "beat the previous year's by $60,000"
    baseline = (
        told
        or beaten
        or _BASELINE.search(head)
        or (time.shape not in ("range", "past") and time.start > 3 and re.match(r"(?i)(?:from|than|over)\b", words))
    )
    when = before and re.match(r"(?i),?\s(?:when|in which|during which|a (?:year|quarter) when)\b", between)
    baseline = None if when else baseline
    add("baseline", baseline and not place.compared)
    add("baseline_for_compared", baseline and place.compared)
    add("baseline_adjacent_figure", baseline and figures_between == 0 and place.compared)
    add("record_since", time.shape == "since" and _RECORD.search(head))
    add("filed", _FILED.search(head))
    add("to", re.search(r"(?i)\bto\s$", sentence[:start][-4:]) and not before)
    add("this_very_clause", not (low < high and scene.broken(low, high)) and figures_between == 0)
    add("only_time", len(scene.times) == 1)
    add("when", when)
    add("of_an_event", _EVENT.search(head))
    brackets = (sentence.rfind("(", 0, time.start), sentence.find(")", time.end))
    bracketed = brackets[0] >= 0 <= brackets[1] and ")" not in sentence[brackets[0] : time.start]
    bracketed = bracketed and "(" not in sentence[time.end : brackets[1]]
    inside = bracketed and brackets[0] < figure.start < brackets[1]
    add("bracketed_without", bracketed and not inside and not re.fullmatch(r"\s?\(", between))
    add("bracketed_with", inside)
    add("possesses", before and re.fullmatch(r"(?i)[’']s\s(?:[a-z]+\s){0,2}", between))
    add("labels", before and re.fullmatch(r"(?i)\s?:\s?(?:about|nearly|some|roughly|over)?\s?", between))
    told_of_compared = _told_of_compared(scene, place, time)
    add("told_of_likewise_compared", place.compared and before and told_of_compared)
    add("told_of_compared", told_of_compared)
    add("of_same_role", _of_same_role(scene, place, time))
    add("since_with_then", time.shape == "since" and re.search(r"(?i)\bthen\b", sentence[figure.end :][:8]))
    if place.change:
        if time.shape == "since" and before and _has_baseline(scene, place):
            found.pop("shape_since")
            found["since_with_baseline"] = 1.0  # the stretch that grew, not the one it grew from
        known = ("baseline", "first_after", "last_before", "shape_since", "shape_relative", "shape_range")
        found.update({f"change_{name}": 1.0 for name in known if name in found})
    return found


def _has_baseline(scene: Scene, place: Place) -> bool:
    """Whether a comparison with another time follows a change: "95 percent above the same period last year"."""
    return any(
        t.start >= place.figure.end
        and t.shape != "since"
        and re.search(
            r"(?i)\b(?:than|over|above|below|from|compared|against|versus)\b", scene.sentence[place.figure.end : t.end]
        )
        for t in scene.times
    )


def _role(scene: Scene, start: int) -> str:
    m = _ROLE.search(scene.sentence[max(0, start - 40) : start])
    return m[1].lower() if m else ""


def _told_of_compared(scene: Scene, place: Place, time: Time) -> bool:
    """Whether the time follows another sum at once, one that is compared with: "against the $580,000 of 2009"."""
    return any(
        p.compared and p.figure.end <= time.start <= p.figure.end + 12 and p.figure is not place.figure
        for p in scene.places
    )


def _of_same_role(scene: Scene, place: Place, time: Time) -> bool:
    """Whether the time is that of the sum in the same place of the clause before: "from X in 1998 to Y in 2003;
    that of others, from Z to W"."""
    role = _role(scene, place.figure.span[0])
    if not role or time.end > place.figure.start or not scene.broken(time.start, place.figure.start):
        return False
    sums = [f for f in scene.figures if f.kind == "money" and f.end <= time.start and time.start - f.end <= 30]
    return bool(sums) and _role(scene, sums[-1].span[0]) == role


def _implied_now(scene: Scene, place: Place) -> list[Candidate[Time | None]]:
    """ "went to $1 million, from $45,000 in the third quarter of 2008", told in 2009: where the only time said is that
    of a sum it is compared with, the period after it, or the same part of the next year, that has just ended."""
    said = [t for t in scene.times if t.window.start and t.window.end and t.shape != "day"]
    published = scene.context.published
    if published is None or len(said) != 1 or said[0].shift is not None:
        return []
    head = scene.sentence[max(0, said[0].start - 60) : said[0].start]
    if not _FROM.search(head) and not (place.change and _GROWN_FROM.search(head)):
        return []
    for shift in (Shift(quarters=1), Shift(years=1)):
        window = shift.of(said[0].window)
        if window is None or window.end is None or window.start is None:
            continue
        if shift.quarters and (window != quarter_before(published) or (window.end - window.start).days > 100):
            continue
        if 0 <= (published - window.end).days < 250:
            at = place.figure.start
            return [Candidate(Time(at, at, window, shape="implied"), {"implied_now": 1.0})]
    return []


def _last_of(time: Time) -> Time:
    """ "between 2020 and 2024" it grew: a change is told of the last period of a range."""
    start, end = time.window.start, time.window.end
    if time.shape == "relative" and start and end and (end - start).days > 700:
        return replace(time, window=Window(date(end.year, 1, 1), end))  # "over those five years it grew"
    if time.shape != "range" or time.ends is None or time.ends[1].start is None or time.ends[1].end is None:
        return time
    if (time.ends[1].end - time.ends[1].start).days < 80:
        return time  # "between April and June" is one period
    return replace(time, window=time.ends[1])


def _implied(scene: Scene, place: Place) -> list[Candidate[Time | None]]:
    """ "up from $3.4 million" with no time beside it: the year before, most often."""
    before = [t for t in scene.times if t.shift is None and t.window.start and t.window.end and t.shape != "day"]
    base = [t for t in before if t.end <= place.figure.start] or before
    shift = Shift(years=-1)
    at = place.figure.start
    carried = scene.context.window
    if not scene.times and carried is not None and carried.start and carried.end:
        found: list[Candidate[Time | None]] = []
        short = (carried.end - carried.start).days < 100
        for name, earlier in (("year", shift), ("quarter", Shift(quarters=-1)))[: 1 + short]:
            if moved := earlier.of(carried):
                time = Time(at, at, moved, shape="implied", shift=earlier)
                found.append(Candidate(time, {f"implied_carried_{name}": 1.0, "implied_of_quarter": float(short)}))
        return found
    window = shift.of(base[-1].window) if base else None
    if window is None:
        return []
    features = {"implied": 1.0}
    if any(t.start >= place.figure.end and scene.figures_between(place.figure.end, t.start) == 0 for t in scene.times):
        features["implied_though_time_after"] = 1.0
    last = max((f.end for f in scene.figures if f.end <= place.figure.start), default=0)
    if any(n.kind == "name" and last <= n.start and n.end <= place.figure.start for n in scene.names):
        features["implied_of_another"] = 1.0  # "topping Toyota's $5.8 million" is of the same period
    at_once = [t for t in scene.times if t.end <= place.figure.start and scene.broken(t.end, place.figure.start)]
    told_before = {t.window for t in at_once if t.window != Window()}
    if len(told_before) > 1:
        features["implied_after_two_times"] = 1.0  # "$7 million in Q1 and $3 million in Q2, while B went from X to Y"
    if any(_of_same_role(scene, place, t) for t in scene.times):
        features["implied_though_of_same_role"] = 1.0
    return [Candidate(Time(at, at, window, shape="implied", shift=shift), features)]


def _gap(start: int, end: int, time: Time) -> int:
    return start - time.end if time.end <= start else time.start - end


def _parted(scene: Scene, figure: object, time: Time) -> bool:
    start, end = figure.start, figure.end  # type: ignore[attr-defined]
    low, high = (time.end, start) if time.end <= start else (end, time.start)
    return low < high and scene.broken(low, high)
