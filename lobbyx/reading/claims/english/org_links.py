"""Which organization spent a figure: the candidates of a sentence and their features."""

from __future__ import annotations

import math
import re

from lobbyx.reading.claims.english.clauses import Place, Scene
from lobbyx.reading.claims.english.referents import PARENT, SOURCE, alike, is_agency, is_person, meant
from lobbyx.reading.claims.english.words import words
from lobbyx.reading.claims.links import Candidate
from lobbyx.reading.claims.mentions import Name

Features = dict[str, float]

_BETWEEN_OWNER_AND_FIGURE = re.compile(
    r"(?i)^[’']s?\s(?:own\s|record\s|combined\s|roughly\s|nearly\s|about\s|almost\s|more\sthan\s|over\s|at\sleast\s"
    r"|some\s|estimated\s|mere\s|total\sof\s|just\s|under\s|around\s)*$"
)
_BESIDE = re.compile(
    r"(?i)^[’']?s?\s?(?:[(\[]|:|,|—|–|-)?\s?(?:[A-Z]{1,6}\)\s)?(?:at|with|on|to|in|had|has|spent|put\s(?:in|up)|of"
    r"|reported|paid|was|posted|logged|disclosed|came\sin\sat|chipped\sin)?\s?"
    r"(?:(?:a|an|about|around|roughly|nearly|almost|just|over|more\sthan|less\sthan|at\sleast|some|record|total|of"
    r"|the|another|only|up|to|under|around|close|shy)\s)*$"
)
_ELIDED = re.compile(
    r"(?i)^[’']s?(?:,\s(?:which|that))?\s(?:(?:own|combined|comparable|corresponding)\s)?(?:(?:figure|spending|total|bill|tab|outlays?"
    r"|lobbying|expenses|expenditures|costs|sum|amount)\s)?(?:(?:was|were|came|rose|fell|grew|slid|dropped|climbed"
    r"|jumped|increased|declined|ran|stood|hit|reached|totaled|dipped|surged|soared|sank|slid|tumbled|plunged|leapt"
    r"|had\sbeen|edged)\s)?(?:(?:up|down|off)\s)?"
    r"(?:in\s)?(?:by\s)?(?:[\d.]+\s?(?:%|percent),?\s)?(?:to|at|from|by)?\s?(?:(?:a|about|around|roughly|nearly"
    r"|almost|just|over|more\sthan|less\sthan|at\sleast|some|record|under)\s)*$"
)
_AFTER_FIGURE = re.compile(
    r"(?i)^(?:\s(?:of|in|on|worth|that|for|total|came|was|were|spent|paid|went|federal|u\.s\.|lobbying|spending"
    r"|reported|disclosed|during|[\w-]+)){0,10}?\s(?:by|from|for|at)\s(?:the\s|its\s)?(?:[a-z-]+\s){0,3}$"
)
_RECIPIENT = re.compile(
    r"(?i)\b(?:to|into|through|via|with|hired|hiring|retained|retaining|firm|firms|lobbied|lobbying|lobby|against"
    r"|such as|on behalf of|acquir\w+|bought|merger with)\s(?:the\s)?(?:[a-z-]+\s){0,3}$"
)
_FROM_PAYER = re.compile(
    r"(?i)(?:\s(?:in|of)\s(?:\w+\s){0,2}fees)?(?:\s(?:a|per|each)\s\w+)?,?\s(?:of\sthem\s)?(?:from|paid\sby)\s"
    r"(?:its\s(?:[\w-]+\s){0,3}client,\s)?(?:the\s)?"
)
_PAID = re.compile(r"(?i)\b(?:paid|pays?|paying)\s(?:(?:the|its|their)\s)?[^$;:]{0,90}$")
_UP_TO_WHAT_WAS_PAID = re.compile(
    r"(?:(?:,|\sand)\s[A-Z][\w&.,’'\s-]*?)?\s(?:(?:about|nearly|some|roughly|another|almost|around)\s)?"
)
"""Between a firm and what it was paid: "paid the firms Hobart Hallaway and Akin Gump $230,000"."""
_WAS_PAID = re.compile(
    r"(?i)^[^;.$]{0,60}?\b(?:(?:was|were|been|being|is|are)\s(?:\w+\s)?paid|got|received|has\sreceived|collected|earned"
    r"|billed|charged|took\sin|pocketed)\b[^;.$]{0,25}$"
)
_SPENDS_AFTER = re.compile(r"(?i)\s(?:has\s|had\s)?(?:spent|spends|spend|paid|put|laid|lobbied|reported|had|was)\b")
_SAYS = re.compile(
    r"(?i)^,?\s(?:said|says|told|reported by|shows?|showed|found|reveal(?:s|ed)|argued|claim(?:s|ed)|estimates?"
    r"|noted|wrote|tweeted|announced|confirmed|asked|charged|(?:notes|finds|counts|reckons|records|calculates"
    r"|calculated|tallies|reports)(?=[,.;]|$))\b"
)
_ORGANIZED = re.compile(
    r"(?i)\b(?:Inc|Corp|Co|LLC|Ltd|Company|Group|Association|Council|Institute|Chamber|Foundation|Industries"
    r"|Holdings|Bank|Alliance|Federation|Union|Motors?|Energy|Airlines?|Pharmaceuticals?|Technologies|Systems|Labs"
    r"|Partners|Roundtable|Realtors|America|International|Services|Health|Insurance|Oil|Electric|Communications"
    r"|University|League|Coalition|Mutual|Steel|Brothers|Brands|Foods|Stores|Financial)\b|&|(?-i:[a-z][A-Z]|^[A-Z]{2,6}$)"
)


def candidates(scene: Scene, place: Place, outside: tuple[int, int] | None = None) -> list[Candidate[str | None]]:
    """The organizations a figure may belong to, each with its features; None is "not said".

    Names within the stretch `outside` are left out: those a rank is among.
    """
    figure = place.figure
    governing = scene.governing(place.predicate)
    found: list[Candidate[str | None]] = []
    spenders = [n for n in scene.names if n.kind != "pronoun"]
    for name in scene.names:
        if outside and outside[0] <= name.start < outside[1]:
            continue
        features = _features(scene, place, name, governing)
        what: str | None = name.name
        if name.kind == "pronoun":
            short_form = name.name.istitle() and name.name.lower() in words()["organizations"]["short_forms"]
            bare = name.name.lower() in ("industry", "sector", "trade")
            if bare:  # of the trade in mind, which has a common noun for its name
                in_mind = scene.context.org
                what = in_mind if in_mind and in_mind[0].islower() else name.name
            else:
                what = meant(scene, name) or (name.name if short_form else None)
            if what is None:
                features["unresolved"] = 1.0
        found.append(Candidate(what, features))
    if scene.context.org is not None:
        carried = {"carried": 1.0}
        if not any(n.end <= figure.start for n in scene.names):
            carried["carried_none_before"] = 1.0
        if not spenders:
            carried["carried_no_names"] = 1.0
        if scene.context.follows:
            carried["carried_follows"] = 1.0
        found.append(Candidate(scene.context.org, carried))
    if figure.kind == "money" and figure.value >= 10**9 * 100 and all(n.kind != "total" for n in scene.names):
        implied = {"total_implied": 1.0, "total_of_billions": float(figure.value >= 2 * 10**9 * 100)}
        if any(n.kind == "group" for n in scene.names):
            implied["total_though_a_group"] = 1.0
        found.append(Candidate("total", implied))
    if scene.context.everybody and scene.context.follows:
        everybody = {"total_carried": 1.0}
        if not spenders:
            everybody["total_carried_no_names"] = 1.0
        found.append(Candidate("total", everybody))
    nobody: Features = {"nobody": 1.0}
    if not scene.names:
        nobody["nobody_no_names"] = 1.0
    found.append(Candidate(None, nobody))
    return found


def _features(scene: Scene, place: Place, name: Name, governing: list[int]) -> Features:
    structure, sentence, figure = scene.structure, scene.sentence, place.figure
    start = figure.span[0]
    found: Features = {f"kind_{name.kind}": 1.0}

    def add(feature: str, holds: object) -> None:
        if holds:
            found[feature] = 1.0

    before = name.end <= start
    low, high = (name.end, start) if before else (figure.end, name.start)
    between = sentence[low:high]
    names_between = sum(
        1
        for n in scene.names
        if n is not name and low <= n.start and n.end <= high and n.kind != "pronoun"
        if not scene.is_example(n.start, n.end)
    )
    figures_between = scene.figures_between(low, high)
    add("before", before)
    found["distance"] = math.log1p(max(0, high - low)) / 4
    found["names_between"] = float(min(names_between, 3))
    found["figures_between"] = float(min(figures_between, 3))
    add("broken", scene.broken(low, high))
    add("broken_by_comma_and", re.search(r",\sand\s", between))
    top = structure.top(name.start, name.end)
    chain = [top, *structure.above(top)]
    add_tree = _tree(scene, place, top, chain, governing)
    found.update(add_tree)
    prep = sentence[max(0, name.start - 30) : name.start]
    rest = sentence[name.end : name.end + 50]
    if before:
        add("owns_figure", _BETWEEN_OWNER_AND_FIGURE.match(between))
        add("beside", names_between == 0 and figures_between == 0 and _BESIDE.match(between))
        add("elided", names_between == 0 and figures_between == 0 and _ELIDED.match(between))
        add(
            "appositive_beside",
            names_between == 0
            and figures_between == 0
            and re.match(
                r"^,\s(?:the|a|an|its|whose|which)\s[^,;$]{3,60},\s(?:(?:with|at|spent|to)\s)?(?:[a-z]+\s){0,3}$",
                between,
            ),
        )
        add(
            "appositive_parenthesized",
            figures_between == 0 and re.fullmatch(r"(?i),\s(?:the|an?|its|whose|which)\s[^,;$(]{3,60}\s\(", between),
        )
        add("parenthesized", re.match(r"^\s?(?:\([^)]*\)\s?)?\(\s?(?:[\w\s]{0,20}\s)?$", between))
        add("list_colon", re.match(r"^:\s", between))
        add(
            "put_at",
            re.match(r"(?i)^(?:[’']s\s[\w\s-]{1,30})?\s(?:at|to|with)\s", between)
            and re.search(r"(?i)\bput\w*\b", sentence[: name.start]),
        )
    else:
        add("figure_by_name", figures_between == 0 and _AFTER_FIGURE.match(between))
        add("figure_for_name", re.match(r"(?i)^\s(?:for|from|by|at)\s(?:the\s)?$", between))
        add(
            "figure_that_name",
            re.fullmatch(r"(?i)\s(?:(?:that|which)\s)?(?:the\s)?", between)
            and re.match(r"(?i)\s(?:has\s|had\s)?(?:spent|put|paid|laid|poured|reported|devoted|spends|gave)\b", rest),
        )
        add("name_after_break", re.search(r"[;,]", between))
    add("after_by", re.search(r"(?i)\b(?:by|from)\s(?:the\s)?(?:[a-z-]+\s){0,2}$", prep))
    add("after_for", re.search(r"(?i)\bfor\s(?:the\s)?$", prep))
    add("recipient", _RECIPIENT.search(prep))
    add(
        "lobbying_of",
        re.search(
            r"(?i)\b(?:lobbying|spending|outlays?|expenditures?|expenses|costs|bill|tab|total)\s(?:by|of|for|at"
            r"|from)\s(?:the\s)?(?:[a-z-]+\s){0,3}$",
            prep,
        ),
    )
    add(
        "source",
        SOURCE.search(sentence[max(0, name.start - 60) : name.start])
        and not re.search(
            r"(?i)(?:lobbying|spending|outlays?|expenditures?|spent|payments?|million|[0-9]) (?:\w+ ){0,3}(?:by"
            r"|from) (?:the )?$",
            prep,
        ),
    )
    add(
        "beaten",
        before
        and re.search(
            r"(?i)\b(?:beat|beats|outspent|topped|tops|surpassed|outpaced|exceeded|trailed|passed)\s(?:the\s)?$", prep
        )
        and re.match(r"(?i)^(?:[’']s)?\sby\s", between),
    )
    tokens = structure.tokens
    head = tokens[tokens[top].head].text
    add(
        "modifies_noun",
        tokens[top].relation in ("compound", "nmod", "amod")
        and head.islower()
        and tokens[tokens[top].head].tag.startswith("NN")
        and not re.match(r"lobby|spen|outlay|expen|cost|bill|tab|total|budget|compan|group|figure", head)
        and not _SPENDS_AFTER.match(rest),
    )
    add(
        "is_owned",
        re.search(
            r"(?i),\s(?:the|an?|its)\s(?:\w+\s)?(?:parent|owner|maker|operator)(?:\scompany)?\sof\s(?:the\s)?$", prep
        ),
    )
    add(
        "owns_name",
        any(n.kind == "name" and re.fullmatch(r"[’']s?\s", sentence[name.end : n.start]) for n in scene.names),
    )
    add("paid_to", before and _UP_TO_WHAT_WAS_PAID.fullmatch(between) and _PAID.search(sentence[: name.start][-100:]))
    add("is_owner", re.search(r"(?i)[’']s\s(?:\w+\s)?(?:owner|parent|parent company|maker|operator)\s$", prep))
    add("in_place", re.search(r"(?i)\bin\s$", prep) and not re.match(r"[’']s?\s", rest))
    add("name_after_and", not before and re.search(r"\band\s", between))
    add("recipient_subject", before and _WAS_PAID.match(between))
    add("payer_after", not before and _FROM_PAYER.fullmatch(between))
    add("says", _SAYS.match(sentence[name.end : name.end + 20]))
    add("owner_of", PARENT.match(rest))
    add(
        "owns_lobbying",
        re.match(
            r"(?i)^[’']s?\s(?:(?!(?:after|before|on|for|of|to|and|by|with|while|from|but)\s)[\w.-]+\s){0,4}?"
            r"(?:lobbying|lobby|spending|expenditures?|outlays?|bill|tab|budget|figure|total|filings?|disclosures?|reports?|expenses|washington|k\sstreet|costs?|influence)\b",
            rest,
        ),
    )
    add("name_lobbying", re.match(r"(?i)^\s(?:federal\s|u\.s\.\s)?(?:lobbying|lobbyists)\b", rest))
    add("arm", re.match(r"(?i)^[’']s?\s(?:lobbying|political|advocacy)\sarm", rest))
    add("group_lobbying", name.kind == "group" and ("name_lobbying" in found or "owns_lobbying" in found))
    add("described_though_in_mind", name.kind == "described" and scene.context.org is not None)
    add(
        "possessor_of_other",
        name.kind == "group"
        and re.match(
            r"[’']s?\s(?!(?:[\w.-]+\s){0,4}?(?:lobbying|lobby|spending|outlays?|expenditures?|bill|tab|budget|figure"
            r"|total|costs?)\b)",
            rest,
        ),
    )
    add("cost_object", re.search(r"(?i)\bcost\w*\s(?:the\s|its\s)?(?:[\w-]+\s){0,2}$", sentence[: name.start][-40:]))
    add(
        "aside",
        scene.is_example(name.start, name.end)
        or re.match(r"(?i),?\s(?:included|excluded|among them|aside|notwithstanding)\b", rest)
        or re.search(
            r"(?i)\b(?:counting|including|excluding|besides|apart from|aside from|along with|such as|unlike|like"
            r"|than)\s(?:the\s|its\s)?(?:[a-z]+\s){0,2}$",
            prep,
        ),
    )
    add(
        "teller",
        re.match(
            r"(?i)\s(?:has|puts?|estimates?|lists?|counts?|pegs?|pegged|shows?|calculates|reckons|tallied"
            r"|gives?)\s(?:[\w’'$.,-]+\s){0,6}?(?:lobbying|spending|outlays?|expenditures?|bill|tab)\b",
            rest,
        ),
    )
    add("agency", is_agency(name.name))
    add("explains_a_name", _explains(scene, name))
    add("organized", _ORGANIZED.search(name.name))
    add("person", is_person(sentence, name))
    add("first_name", name is next((n for n in scene.names if n.kind == "name"), None))
    add("only_name", sum(n.kind == "name" for n in scene.names) == 1 and name.kind == "name")
    add("in_mind", name.kind == "name" and scene.context.org is not None and alike(name.name, scene.context.org))
    add("capitalized_possessor", re.match(r"[’']s?\s[A-Z]", rest))
    if name.kind == "total":
        add("total_large", figure.kind == "money" and figure.value >= 5e10)
        add("total_small", figure.kind == "money" and figure.value < 5e10)
    return found


def _explains(scene: Scene, name: Name) -> bool:
    """Whether a name only says more of the one before: "CTIA, the Wireless Association, reported"."""
    return any(
        n.kind == "name"
        and re.fullmatch(r"(?:\s\([^)]*\))?,\s(?:the|a|an)\s(?:[a-z-]+\s){0,3}", scene.sentence[n.end : name.start])
        and re.match(r"(?:\s[a-z][\w-]*){0,6},", scene.sentence[name.end :])
        for n in scene.names
        if n.end < name.start
    )


def _tree(scene: Scene, place: Place, top: int, chain: list[int], governing: list[int]) -> Features:
    """Features of the way through the parse from a name to the figure's predicate."""
    structure = scene.structure
    found: Features = {}
    tokens = structure.tokens
    for level, verb in enumerate(governing):
        for subject in scene.subjects(verb):
            if subject not in chain:
                continue
            shared = level > 0 and not any(
                scene.subjects(v) or tokens[v].relation == "relcl" for v in governing[:level]
            )
            suffix = "own" if level == 0 else "shared" if shared else "up"
            at = chain.index(subject)
            relations = [tokens[c].relation for c in chain[:at]]
            if at == 0:
                found[f"subject_{suffix}"] = 1.0
            elif all(r in ("appos", "conj") for r in relations):
                found[f"subject_{relations[0]}_{suffix}"] = 1.0
            elif "poss" in relations:
                found[f"subject_poss_{suffix}"] = 1.0
            elif "pobj" in relations:
                found[f"subject_prep_{suffix}"] = 1.0
            else:
                found[f"subject_part_{suffix}"] = 1.0
            return found
        for inside in scene.structure.children(verb):
            if tokens[inside].relation == "agent" and inside in chain:
                found["agent"] = 1.0
                return found
        head = tokens[verb].head
        if tokens[verb].relation in ("relcl", "acl") and head in chain[:2]:
            found["relative_of"] = 1.0
            return found
        if tokens[verb].relation in ("relcl", "acl") and head in chain:
            found["relative_above"] = 1.0
    under = set(structure.under(place.token))
    if top in under:
        found["under_figure"] = 1.0
        if tokens[top].relation == "poss":
            found["under_figure_poss"] = 1.0
    elif chain and any(c == place.predicate for c in chain):
        relation = next((tokens[c].relation for c in chain if tokens[c].head == place.predicate), "")
        if relation == "advcl":  # "As A tries to get its purchase of B past the regulators, it spent"
            own = tokens[top].relation in ("nsubj", "nsubjpass")
            found["subject_of_aside" if own else "in_aside"] = 1.0
        else:
            found["object" if relation in ("dobj", "attr", "dative", "oprd") else "complement"] = 1.0
    return found
