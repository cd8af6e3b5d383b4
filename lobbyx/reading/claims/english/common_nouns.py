"""Those who spend under a common noun: "three internet providers", "major recipients", "the tribe", "coupang"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from lobbyx.reading.claims.english.words import entries, pattern, words
from lobbyx.reading.claims.mentions import Name
from lobbyx.reading.claims.structure import Structure


@cache
def groups() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(words()['organizations']['group_nouns'])})(?![\w-])")


_BEFORE_GROUP = ("JJ", "JJS", "JJR", "NN", "NNS", "NNP", "NNPS", "CD", "HYPH", "VBG", "VBN", "POS", "RBS", ",", "CC")


def grouped(sentence: str, structure: Structure) -> Iterator[Name]:
    """Groups under a common noun with what stands before it ("three internet providers and their trade association"),
    and the trade that lobbies ("crypto lobbying")."""
    tokens = structure.tokens
    for m in groups().finditer(sentence):
        last = first = structure.at(m.start())
        if tokens[last].tag.startswith("VB") and m.group().lower() == "lobby":
            continue  # "to lobby"
        if m.group().lower() == "lobbies" and LOBBIES_FOR.match(sentence[m.end() :]):
            continue  # "Acme lobbies Congress"
        while first > 0 and tokens[first - 1].tag in _BEFORE_GROUP and tokens[first - 1].end <= m.start():
            earlier = tokens[first - 1]
            joins = earlier.tag in (",", "CC")
            if joins and not (
                first > 1 and tokens[first - 2].tag in ("JJ", "NN", "NNS") and _within(structure, first - 1, last)
            ):
                break
            if not joins and not _within(structure, first - 1, last) and earlier.tag not in ("HYPH", "POS"):
                break
            of_a_number = first > 1 and tokens[first - 2].tag in ("JJS", "CD", "RBS")  # "50 largest lobbying spenders"
            if (earlier.text.lower() in ("lobbying", "spending", "spent", "cost") and not of_a_number) or (
                earlier.tag == "VBG" and earlier.relation not in ("amod", "compound") and not of_a_number
            ):
                break
            first -= 1
        while tokens[first].tag in (",", "CC", "POS", "HYPH"):
            first += 1
        end = m.end()
        more = re.match(
            r"\s(?:and|,)\s(?:its|their|other|the)\s(?:[\w-]+\s){0,2}?(?:\w+s|association|parent|group|subsidiary"
            r"|affiliates)\b",
            sentence[end:],
        )
        if more and not re.search(r"(?i)\blobb|spen[dt]", more.group()):
            end += more.end()
        start = min(tokens[first].start, m.start())
        bare = re.fullmatch(r"(?i)industry|sector|trade", sentence[start:end]) and re.search(
            r"(?i)\b(?:the|this)\s$", sentence[:start]
        )
        named = sentence[start:end].lower().removeprefix("the ") in entries("not_spenders")  # "the United States"
        if not named and not pattern("sum", "outside").search(sentence[start:end]):
            yield Name(start, end, sentence[start:end], "pronoun" if bare else "group")
    for i, token in enumerate(tokens[:-1]):
        follows = tokens[i + 1].text.lower() == "lobbying" and tokens[token.head].text.lower() == "lobbying"
        noun = token.tag.startswith("NN") and token.relation in ("compound", "nsubj", "amod")
        lower = (token.text.islower() or i == 0) and not (i > 0 and tokens[i - 1].tag == "HYPH")
        if follows and noun and lower and token.text not in entries("common_before_lobbying"):
            yield Name(token.start, token.end, token.text, "group")


LOBBIES_FOR = re.compile(
    r"(?i)\s(?:congress|lawmakers|washington|federal|for|against|on|the|its|hard|regulators|officials|agencies|members)\b"
)
"""What follows the verb "lobbies", not the noun."""


def _within(structure: Structure, i: int, head: int) -> bool:
    """Whether a token hangs on another, or on one between them."""
    return any(a == head or i < a < head for a in structure.above(i))


_SPENDS = re.compile(r"(?i)(?:out)?spen[dt]s?|paid|put|poured|laid|shelled|lobbied|devoted|handed|plowed")


def spending(sentence: str, structure: Structure) -> Iterator[Name]:
    """Several under a common noun that no list has, by what they do: "major recipients have put", "several of the
    leading servicers of loans spent"."""
    tokens = structure.tokens
    for i, token in enumerate(tokens):
        if token.relation != "nsubj" or not _SPENDS.fullmatch(tokens[token.head].text):
            continue
        first = last = i
        if not (token.tag == "NNS" and token.text.islower()):
            of = [c for c in structure.children(i) if tokens[c].text == "of"]
            inside = [c for c in structure.children(of[0]) if tokens[c].tag == "NNS"] if of else []
            if not inside or not re.fullmatch(
                r"(?i)several|many|some|most|dozens|hundreds|[a-z]+teen|[0-9]+", token.text
            ):
                continue
            last = inside[0]
        elif token.text in entries("common"):
            continue
        beside = [
            c for c in structure.children(i) if c < i and tokens[c].relation in ("amod", "compound", "nummod", "nmod")
        ]
        first = min([first, *beside])
        yield Name(tokens[first].start, tokens[last].end, sentence[tokens[first].start : tokens[last].end], "group")


def described(sentence: str, structure: Structure) -> Iterator[Name]:
    """ "the tribe spent": who does it, in a sentence that names nobody."""
    for i, token in enumerate(structure.tokens):
        if token.relation != "nsubj" or token.tag != "NN" or token.text.lower() in entries("common"):
            continue
        beside = [
            c for c in structure.children(i) if c < i and structure.tokens[c].relation in ("amod", "compound", "nmod")
        ]
        if not any(structure.tokens[c].relation == "det" for c in structure.children(i)):
            continue
        start = structure.tokens[min([i, *beside])].start
        yield Name(start, token.end, sentence[start : token.end], "described")


def in_lower_case(sentence: str, structure: Structure) -> Iterator[Name]:
    """ "coupang spent": a bare singular noun that does the spending is a name printed without its capital."""
    for i, token in enumerate(structure.tokens):
        if (
            token.relation not in ("nsubj", "poss", "nsubjpass")
            or not token.tag.startswith("NN")
            or not token.text.islower()
        ):
            continue
        if structure.children(i) and any(
            structure.tokens[c].relation in ("det", "amod", "poss", "compound", "nummod") for c in structure.children(i)
        ):
            continue
        if token.text in entries("common") or not token.text.isalpha() or len(token.text) < 3:
            continue
        yield Name(token.start, token.end, token.text)
