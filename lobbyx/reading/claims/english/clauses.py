"""Where a figure stands in its sentence: its predicate, its clause, and whether it is what another is compared with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lobbyx.reading.claims.context import Context
from lobbyx.reading.claims.english import sums
from lobbyx.reading.claims.mentions import Figure, Name, Time
from lobbyx.reading.claims.structure import Structure

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_APPOSED = (
    r"(?!\s?(?:an?|up|down|or|more|less|higher|lower|nearly|almost|about|roughly|some|over|compared|versus|against|from|than"
    r"|only|just|the\s(?:most|highest|largest|lowest|least)|[0-9$])\b)"
)
"""What goes on about the figure behind a dash: "$17.6 million — an increase of 50 percent"."""
_BREAK = re.compile(
    rf";|—{_APPOSED}|\s(?:–|--?)\s{_APPOSED}"
    r"|\b(?:while|whereas|although|though)\b|,\s(?:but|yet)\b|:(?=\s)|\.(?=\s[A-Z])"
    r"|,\sand\s(?=(?:[A-Z]|it|they|the|its|that|which)\b[^,]{0,60}?\b(?:spent|paid|was|were|had|has|reported"
    r"|posted)\b)"
)
_COMPARES = re.compile(
    r"(?i)(?:\b(?:(?:up|down|ris\w+|rose|increas\w+|declin\w+|decreas\w+|fell|drop\w*|grew|jump\w*"
    r"|climb\w*)\s(?:\w+\s){0,3}?from|from|against|than|versus|vs\.?|compared\s(?:to|with)|in\scomparison\s(?:to"
    r"|with)"
    r"|ahead\sof|over|above|below|under|after|following|behind|beat(?:ing)?|outspen\w+|trail(?:ing|ed)?|match(?:es"
    r"|ed|ing)?|top(?:s|ped|ping)|surpass\w*|exceed\w*|outpac\w+|eclips\w+|dwarf\w*|short\sof|as\sopposed\sto"
    r"|relative\sto|on\stop\sof|double|triple|twice|times|half|while|was|were|had\sbeen|previously|formerly)"
    r"(?:\s(?:the|its|their|a|an|about|around|roughly|nearly|almost|just|only|some|over|more\sthan|less\sthan|record"
    r"|spending|paying|reporting|earlier|previous|prior|old|former|that|combined|paltry|mere|total|of|under|[\w’'.&-]+[’']s|(?-i:[A-Z])[\w’'.&-]+[’']s?|(?-i:[A-Z])[\w.&’'-]*))*\s*)$"
)


_COMPARES_FAR = re.compile(
    r"(?i)\b(?:from|against|than|versus|vs\.?|compared\s(?:to|with)|as\sopposed\sto|relative\sto|(?:increase|rise|jump|gain|drop"
    r"|decline|decrease|fall|improvement)\s(?:over|on))(?:\s(?!(?:spen[dt]\w*|pa(?:id|ys?|ying)|to|and|or|but|on|for|that|which"
    r"|who|when|was|were|is|are|had|has|have|report\w*|show\w*|said|lobbied|put|with|at)\b)[\w’'.&%-]+){1,7}\s$"
)
"""The same with words between that are no verb: "from its all-time quarterly high of $5.4 million"."""
_EXAMPLES = re.compile(
    r"(?i)(?:[,—–(]|\s--?)\s?(?:including|such\sas|among\sthem|notably|most\snotably|like|for\sexample|from)\s(?P<them>[^;$()—]*?)"
    r"(?:,(?=\s[a-z])(?!\s(?:and|or)\s)|[—)]|\s--?\s)"
)
_MEMBERS = re.compile(
    r"(?i)\b(?:(?:which|that|whose\s(?:members|backers|clients))\sincludes?\s|counts?\s|to\swhich\s|with\s)"
    r"(?P<them>[^;$()—]*?)(?:,(?=\s[a-z])(?!\s(?:and|or)\s)|\sbelongs?\b|\samong\s(?:its|their)\smembers\b)"
)
"""An association's members: "PhRMA, whose members include A and B, spent"; "to which A and B belong"."""


@dataclass(frozen=True, slots=True)
class Place:
    """One figure in its sentence."""

    figure: Figure
    token: int
    """The token that heads the figure."""
    predicate: int
    """The verb that governs it; its own token where there is none."""
    compared: bool
    """Another figure, or the statement, is compared with this one: "up from $2 million"."""
    change: bool = False
    """It tells of a change: a percentage, or the difference of two sums."""


class Scene:
    """A sentence with all that was found in it, as the links look at it."""

    def __init__(
        self,
        sentence: str,
        structure: Structure,
        figures: Sequence[Figure],
        names: Sequence[Name],
        times: Sequence[Time],
        context: Context,
    ) -> None:
        self.sentence, self.structure, self.context = sentence, structure, context
        self.figures, self.names, self.times = tuple(figures), tuple(names), tuple(times)
        self.places = tuple(self.placed(f) for f in self.figures)

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """Where clauses part."""
        return tuple(m.start() for m in _BREAK.finditer(self.sentence))

    @cached_property
    def unnamed(self) -> str:
        """The sentence with its names blotted out, as long: "Best Buy" buys nothing."""
        text = self.sentence
        for name in self.names:
            if name.kind in ("name", "group"):
                text = text[: name.start] + "_" * (name.end - name.start) + text[name.end :]
        return text

    @cached_property
    def examples(self) -> tuple[tuple[int, int], ...]:
        """Where examples of a group are named: "the largest spenders, including A and trade groups like B, spent"."""
        return tuple(m.span("them") for said in (_EXAMPLES, _MEMBERS) for m in said.finditer(self.sentence))

    def is_example(self, start: int, end: int) -> bool:
        """Whether a stretch is named as an example."""
        return any(a <= start and end <= b for a, b in self.examples)

    def broken(self, start: int, end: int) -> bool:
        """Whether clauses part between two places."""
        return any(start <= b < end for b in self.breaks)

    def clause(self, figure: Figure) -> tuple[int, int]:
        """From the last break before a figure to the first after it."""
        start = max((b + 1 for b in self.breaks if b < figure.start), default=0)
        end = min((b for b in self.breaks if b >= figure.end), default=len(self.sentence))
        return start, end

    def figures_between(self, start: int, end: int) -> int:
        """How many sums stand between two places."""
        return sum(start <= f.start and f.end <= end for f in self.figures if f.kind == "money")

    def predicate(self, token: int) -> int:
        """The verb that governs a token; the token itself where none does."""
        for at in (token, *self.structure.above(token)):
            if self.structure.tokens[at].tag.startswith("VB") and self.structure.tokens[at].relation not in (
                "aux",
                "auxpass",
                "amod",
                "compound",
            ):
                return at
        return token

    def subjects(self, predicate: int) -> list[int]:
        """The subjects of a predicate, its own."""
        return [c for c in self.structure.children(predicate) if self.structure.tokens[c].relation in _SUBJECTS]

    def governing(self, predicate: int) -> list[int]:
        """A predicate and those above it."""
        above = [a for a in self.structure.above(predicate) if self.structure.tokens[a].tag.startswith("VB")]
        return [predicate, *above]

    def placed(self, figure: Figure) -> Place:
        """Where a figure stands."""
        token = self.structure.top(figure.start, figure.end)
        start = figure.span[0]
        head = self.sentence[max(0, start - 70) : start]
        match = _COMPARES.search(head)
        compared = self._in_brackets(figure) or self._goes_to(figure)
        if match:
            first = match.group().lstrip().lower()
            plain = (
                re.match(r"(?:was|were|had been|while|after|following|over|under|above|below|from)\b", first)
                is not None
            )
            compared = compared or not plain or self._really_compares(first, figure)
        elif match := _COMPARES_FAR.search(head):
            compared = compared or self._really_compares(match.group().lower(), figure)
        change = figure.kind == "fraction" or bool(self._difference(figure))
        return Place(figure, token, self.predicate(token), compared and not change, change)

    def _difference(self, figure: Figure) -> dict[str, Any]:
        start, _ = self.clause(figure)
        before = [f.end for f in self.figures if start < f.end <= figure.start]
        return sums.difference(self.sentence[max([start, *before]) : figure.span[0]], self.sentence[figure.end :])

    def _in_brackets(self, figure: Figure) -> bool:
        """ "($4.9 million, was $3.4 million)", "$2.2 million ($1.9 million a year earlier)", "(from $520,000)"."""
        head, tail = self.sentence[: figure.span[0]], self.sentence[figure.end : figure.end + 40]
        if re.search(
            r"(?i)\((?:up |down )?(?:from|was|were|previously|formerly|earlier|before that|against|versus|vs\.?"
            r"|compared (?:to|with))\s(?:\w+\s)?$"
            r"|\([^()]*,\s(?:was|from|against|up from|down from|versus|vs\.?)\s(?:\w+\s)?$",
            head,
        ):
            return True
        return (
            re.search(r"\d\S*(?:\s\w+)?\s\((?:\w+\s)?$", head) is not None
            and re.match(
                r"(?i)\s(?:a year|one year|in the (?:same|previous|prior)|the (?:year|quarter) before|(?:in "
                r"|for )?[12][0-9]{3}\))",
                tail,
            )
            is not None
        )

    def _goes_to(self, figure: Figure) -> bool:
        """ "($6.1 million to $9.8 million)", "going from X to Y": the first of the two."""
        follows = re.match(
            r"(?i)\sto\s(?:(?:about|nearly|almost|more than|over|some|just|roughly)\s)*\$",
            self.sentence[figure.end : figure.end + 30],
        )
        head = self.sentence[: figure.span[0]]
        return (
            follows is not None and figure.high is None and re.search(r"(?i)\((?:from\s)?$|\bfrom\s$", head) is not None
        )

    def _really_compares(self, words: str, figure: Figure) -> bool:
        """Words that often do something else than compare: "over", "from", "was"."""
        earlier = any(f.end <= figure.start for f in self.figures)
        if words.startswith("from"):
            follows_to = re.search(r"\bto\b[^;]{0,60}\$", self.sentence[figure.end :]) is not None
            return earlier or follows_to
        if words.startswith(("after", "following")):
            return earlier and re.match(r"(?:after|following)\s(?!\w+ing\b)\S*$", words) is not None
        if words.startswith(("was", "were", "had been", "while")):
            return False
        return earlier and re.search(r"\b(?:the|its|that)\s", words) is not None
