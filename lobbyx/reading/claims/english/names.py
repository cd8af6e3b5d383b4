"""Words of an English sentence that may stand for whoever spends: names, groups, pronouns, everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from lobbyx.model.resources import rows
from lobbyx.reading.claims.english import spelled
from lobbyx.reading.claims.english.common_nouns import LOBBIES_FOR, described, grouped, groups, in_lower_case, spending
from lobbyx.reading.claims.english.structure import common_words, in_capitals
from lobbyx.reading.claims.english.words import entries, spaced, words
from lobbyx.reading.claims.mentions import Name
from lobbyx.reading.claims.structure import Structure

MOST_NAMES = 60
"""Names looked at in a sentence."""

_WORD = (
    r"(?:(?:[A-Z]\.){2,}(?:-[A-Z]\w+)?|[0-9]{1,3}(?:[A-Z]|and[A-Z]|-[A-Z])[\w&-]*|[a-z]{1,2}[A-Z][\w&]+"
    r"|[A-Z][\w&’'./\-]*[\w&](?:!(?=\s[a-z]))?|[A-Z]\.?)(?:[’']s?(?=[\s,.)]|$))?"
)
_RUN = re.compile(
    rf"(?<![\w$.&@-]){_WORD}(?:\s(?:&|\+)\s{_WORD}|\s(?:of|for|on|de|la|del)\s(?:the\s)?(?=[A-Z]){_WORD}|,\sInc\b\.?"
    rf"|\s{_WORD}|\s[0-9]{{1,3}}(?=\s[a-z])(?!\s(?:million|billion|percent|lobbyists|years|of|other|companies"
    r"|firms)))*"
)
_NUMBER = re.compile(rf"(?i){spelled.SPELLED}")
_LEGAL_END = re.compile(r"(?i)\b(?:inc|corp|cos?|ltd|llc|bros|l\.p|l\.l\.c|s\.a|[a-z]\.[a-z])\.$")
_TAKES_FOR = (
    r"(?:association|council|americans|committee|alliance|coalition|center|institute|campaign|citizens|partnership"
    r"|foundation|society|women|men|fund|league|project|network|people|families|mothers|doctors|physicians|employers"
    r"|federation|conference|congress|bureau|chamber|board|campaign|initiative|partners|union|roundtable|forum|group"
    r"|organization|voters|students|workers|physicians|parents|nurses|americas?|action|authority|agency|office"
    r"|college|university|bank|department|clinic|hospital|hospitals|trust|research|academy|manufacturers|brotherhood"
    r"|knights|sons|daughters|boys|girls|friends|ministry|republic|kingdom|government|embassy|state|city|county"
    r"|university|order|church|house|museum|port|board|school|schools|court|daughters|veterans|services|producers"
    r"|growers|makers|realtors|builders|bankers|teamsters|teachers|machinists|carpenters|electrical|tribe|band"
    r"|nation|confederation|confederated)"
)


def names(sentence: str, structure: Structure | None = None) -> list[Name]:
    """The names, groups, pronouns and words for everybody, in reading order; at most MOST_NAMES."""
    found: list[Name] = []
    capitals = in_capitals(sentence)
    for start, text in _runs(sentence, structure if capitals else None):
        found += _cleaned(text, start, sentence, structure)
        if len(found) > MOST_NAMES:
            break
    if structure is not None:
        found = [n for n in found if n.start > 0 or not _is_adjective(sentence, structure, n)]
    found = _listed(sentence, _joined(sentence, found))
    taken = [(n.start, n.end) for n in found]

    def free(start: int, end: int) -> bool:
        return all(end <= a or start >= b for a, b in taken)

    def take(more: Iterable[Name]) -> None:
        for name in more:
            if free(name.start, name.end):
                found.append(name)
                taken.append((name.start, name.end))

    take(
        Name(m.start(), m.end(), "total", "total")
        for m in _everybody().finditer(sentence)
        if not re.search(r"(?i)\b(?:its|their|our|whose)\s$", sentence[: m.start()])
    )
    if structure is not None:
        take(grouped(sentence, structure))
    take(Name(m.start(), m.end(), m.group(), "pronoun") for m in _pronouns().finditer(sentence))
    if structure is not None:
        take(spending(sentence, structure))
        take(in_lower_case(sentence, structure))
        if not any(n.kind == "name" for n in found):
            take(described(sentence, structure))
    return sorted(found, key=lambda n: n.start)[:MOST_NAMES]


def _is_adjective(sentence: str, structure: Structure, name: Name) -> bool:
    """Whether a name of one word is an adjective with its capital from the start of the sentence."""
    token = structure.tokens[structure.at(name.start)]
    return (
        token.end >= name.end
        and token.tag.startswith("JJ")
        and re.match(r"\s(?:lobby|spending|outlay|expen)", sentence[name.end :]) is not None
    )


def _runs(sentence: str, capitals: Structure | None) -> Iterator[tuple[int, str]]:
    if capitals is None:
        for m in _RUN.finditer(sentence):
            yield m.start(), m.group()
        return
    start = end = -1  # all in capitals: the tagger saw the usual case
    for token in capitals.tokens:
        if token.tag in ("NNP", "NNPS") and re.search(r"[A-Z]", token.text):
            if start < 0 or token.start > end + 1:
                if start >= 0:
                    yield start, sentence[start:end]
                start = token.start
            end = token.end
    if start >= 0:
        yield start, sentence[start:end]


def _bare(word: str) -> str:
    return re.sub(r"[’']s?$", "", word.lower().rstrip(",")).rstrip(".")


@cache
def _places() -> frozenset[str]:
    known = [r["name"] for name in ("states", "countries") for r in rows(f"constants/{name}.csv")]
    return frozenset(n.lower() for n in known) - {"georgia-pacific"}


def _cleaned(text: str, start: int, sentence: str, structure: Structure | None) -> Iterator[Name]:
    """A run of capitalized words, without those around it that are no part of a name, as the names it holds."""
    parts = [(m.group(), start + m.start()) for m in re.finditer(r"\S+", text)]
    for piece in _pieces(parts):
        yield from _one(piece, sentence, structure)


def _pieces(parts: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    """The names in a run: split behind a possessive ("TikTok's ByteDance") and at a connector that joins none."""
    piece: list[tuple[str, int]] = []
    for at, (word, place) in enumerate(parts):
        lower = word.lower()
        if piece and lower in entries("spends_in_title"):  # "Pfizer Spent $5.4 Million On Lobbyists"
            yield piece
            piece = []
            continue
        following = _bare(parts[at + 1][0]) if at + 1 < len(parts) else ""
        if lower in ("for", "on") and not re.fullmatch(_TAKES_FOR, _bare(parts[at - 1][0])):
            yield piece
            piece = []
            continue
        if lower == "of" and piece and _bare(piece[-1][0]) in entries("titles"):
            yield piece
            piece = []
            continue
        piece.append((word, place))
        if re.search(r"[’']s?$", word) and following and following not in entries("never_owned"):
            yield piece
            piece = []
        elif re.search(r"-(?:based|backed|owned|led|born|listed|headquartered|area)$", lower):
            piece = []
    yield piece


def _begins(sentence: str) -> int:
    """Where the first word of a sentence stands, behind a quotation mark or the bullet of a list."""
    first = re.search(r"\w", sentence[:12])
    return first.start() if first else 0


def is_common(word: str) -> bool:
    """Whether a word is one that is usually printed without a capital."""
    return word[:1].isupper() and word[1:].islower() and word.lower() in common_words()


def _one(parts: list[tuple[str, int]], sentence: str, structure: Structure | None) -> Iterator[Name]:
    start = _begins(sentence)

    def outside(word: str) -> bool:
        return (
            _bare(word) in entries("not_names") or _bare(word).isdigit() or _NUMBER.fullmatch(_bare(word)) is not None
        )

    def first_is_no_name(parts: list[tuple[str, int]]) -> bool:
        word, place = parts[0]
        if len(parts) > 1 and f"{word} {_bare(parts[1][0])}".lower() in _places():
            return False  # "New Jersey"
        if outside(word) or word.lower() in ("of", "for", "on", "the", "de"):
            return True
        if place != start or structure is None or len(parts) > 1:
            return False
        token = structure.tokens[structure.at(place)]
        if token.tag == "NNS" and is_common(word) and not re.match(r"[’']s?\s", sentence[place + len(word) :]):
            return True  # "Shareholders should know"
        head = structure.tokens[token.head]
        verb = head.text.lower() == "lobbies" and LOBBIES_FOR.match(sentence[head.end :])
        of_group = (groups().fullmatch(head.text) and not verb) or head.text.lower() == "lobbying"
        modifies = token.relation in ("compound", "amod", "nmod") and head.text.islower() and of_group
        if modifies or groups().fullmatch(_bare(word)):
            return (
                not re.match(r"(?i)(?:[’']s?)", sentence[place + len(word) :])
                and not word.endswith("’s")
                and not word.endswith("'s")
            )
        if re.search(r"[a-z][A-Z]", word):
            return False  # "PhRMA alone"
        subject = token.relation in ("nsubj", "nsubjpass", "poss", "compound")
        whole = token.end - token.start >= len(_bare(word))
        beside = head.start == token.end + 1 and head.text.islower() and head.tag.startswith("NN")
        beside = beside and not re.match(r"(?:out)?(?:spent|lobbied)\b", head.text)
        if whole and beside and token.relation == "compound" and is_common(word):
            return head.text.lower() not in words()["organizations"]["company_nouns"]  # "Health care has been"
        return whole and not subject and token.tag.startswith(("VB", "RB", "IN", "DT", "PRP", "CC", "W"))

    while parts and first_is_no_name(parts):
        parts = parts[1:]
    described = not any(part in ("of", "and", "for") for part, _ in parts) and not _goes_on(parts, sentence)
    while described and len(parts) > 1 and parts[0][0].lower() in entries("descriptors") and parts[0][1] == start:
        parts = parts[1:]
    while parts and (
        (outside(parts[-1][0]) and not _is_one(parts)) or parts[-1][0].lower() in ("of", "for", "on", "the")
    ):
        parts = parts[:-1]
    while len(parts) > 1 and _bare(parts[0][0]) in entries("titles"):
        parts = parts[1:] if _bare(parts[0][0]) not in entries("persons") else []
    if not parts or all(_bare(w) in entries("not_alone") or outside(w) for w, _ in parts):
        return
    first, last = parts[0][1], parts[-1][1] + len(parts[-1][0])
    name = sentence[first:last]
    if m := re.search(r"[’']s?$", name):
        name = name[: m.start()]
    name = name.rstrip(",")
    if sentence[first + len(name) :].startswith(".") and _LEGAL_END.search(name + "."):
        name += "."
    if name.endswith(".") and not _LEGAL_END.search(name):
        name = name[:-1]
    plain = name.lower().removeprefix("the ")
    spends = re.match(
        r"[’']s\sgovernment|\s\(\$|,\s\$|:\s\$|\s[-–—]\s\$|[’']s?\s(?:\w+\s)?lobbying|(?:,\s[^,$]{3,40},)?\s(?:has\s|had\s)?(?:led|spent|spends|paid|pays|lobbied|hired"
        r"|reported)\b",
        sentence[first + len(name) :],
    )  # "Illinois ($4 million)", "Puerto Rico, fighting off bankruptcy, led"
    if (
        (plain in _places() and not spends)
        or plain in entries("not_spenders")
        or re.search(
            r"\b(?:Act|Bill|Amendment|Rule|Program|Plan|Treaty|Agreement|Deal|Index|Code|Report|Prize|Award|Day|Week)$",
            name,
        )
    ):
        return
    opened = re.search(r"\((?:[A-Za-z]+:\s?)?$", sentence[:first])
    closed = opened and sentence[first + len(name) :].startswith(")")
    if opened and closed and (name.isupper() or _is_short_for(name, sentence[: opened.start()])):
        return  # a ticker, or a short form of the name before it
    if len(name) > 1 and not re.fullmatch(r"[\W\d]+|Q[1-4]|[A-Z]\.?|H[12]|[1-4]Q[0-9]*|[12]H[0-9]*", name):
        short = name.lower() in entries("short_forms") and re.search(r"(?i)\b(?:the|this)\s$", sentence[:first])
        yield Name(first, first + len(name), name, "pronoun" if short else "name")


def _is_short_for(name: str, before: str) -> bool:
    """Whether the capitals of a name are initials of the words before it: "Manufacturers of America (PhRMA)"."""
    capitals = re.findall(r"[A-Z]", name)
    initials = iter(word[0] for word in re.findall(r"[A-Z][\w’'-]*", before[-120:]))
    return len(capitals) > 1 and len(name) <= 8 and " " not in name and all(c in initials for c in capitals)


def _is_one(parts: list[tuple[str, int]]) -> bool:
    """Whether a run of capitalized words ends in "One", as names do: "Capital One", "Issue One"."""
    return len(parts) == 2 and _bare(parts[1][0]) == "one" and _bare(parts[0][0]).isalpha()


def _goes_on(parts: list[tuple[str, int]], sentence: str) -> bool:
    """Whether a filed name joins the last of these words to the next: "Pharmaceutical Research and Manufacturers"."""
    if not parts:
        return False
    word, place = parts[-1]
    following = re.match(r"\sand\s(\w+)", sentence[place + len(word) : place + len(word) + 40])
    return following is not None and (word.upper(), following[1].upper()) in _known_joints()


@cache
def _known_joints() -> frozenset[tuple[str, str]]:
    return frozenset((r["before"], r["after"]) for r in rows("reading/joined_words.csv"))


def _joined(sentence: str, found: list[Name]) -> list[Name]:
    """Names joined by "and" where a filed name joins the same words: "Research and Manufacturers"."""
    result: list[Name] = []
    for name in found:
        last = result[-1] if result else None
        if last and re.fullmatch(r",?\sand\s", sentence[last.end : name.start]):
            pair = last.name.split()[-1].upper(), name.name.split()[0].upper()
            if pair in _known_joints():
                result[-1] = Name(last.start, name.end, sentence[last.start : name.end])
                continue
        result.append(name)
    return result


_TOGETHER = re.compile(
    r"(?i)\b(?:together|combined|between them|among them|collectively|jointly|in total|as a group)\b"
)


def _listed(sentence: str, found: list[Name]) -> list[Name]:
    """ "Together, A, B and C spent": the sum is of none of them, but of the list."""
    if not _TOGETHER.search(sentence) or "respectively" in sentence:
        return found
    result: list[Name] = []
    at = 0
    while at < len(found):
        last = at
        closed = False
        while last + 1 < len(found) and not closed:
            between = sentence[found[last].end : found[last + 1].start]
            if re.fullmatch(r",?\s(?:and|&)\s(?:the\s)?", between):
                closed = True
            elif not re.fullmatch(r",\s(?:the\s)?", between):
                break
            last += 1
        if closed:
            start, end = found[at].start, found[last].end
            result.append(Name(start, end, sentence[start:end], "group"))
        else:
            result += found[at : last + 1]
        at = last + 1
    return result


@cache
def _everybody() -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{spaced(words()['organizations']['everybody'])})\b")


@cache
def _pronouns() -> re.Pattern[str]:
    nouns = "|".join(words()["organizations"]["company_nouns"])
    return re.compile(
        r"(?i)(?<![\w-])(?:it|its|they|their|we|our|itself|the (?:former|latter|pair|duo|trio|quartet)|(?:the|this"
        rf"|that)\s(?!same\b)(?:[\w’'.&-]+\s){{0,3}}?(?:{nouns}))(?![\w’'-]|\s(?:and|or)\s(?:its|their)\b)"
    )
