"""The grammatical structure of a sentence, whatever parser it came from: a tree of tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Token:
    """One token; offsets count from the sentence."""

    start: int
    end: int
    text: str
    tag: str
    """The parser's fine-grained part of speech."""
    relation: str
    """Its relation to its head."""
    head: int
    """The index of its head; its own at a root."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The tokens of a sentence and how they hang together."""

    tokens: tuple[Token, ...]
    _below: tuple[tuple[int, ...], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, tokens: list[Token]) -> Structure:
        """A structure with the dependents of each token in order."""
        below: list[list[int]] = [[] for _ in tokens]
        for i, token in enumerate(tokens):
            if token.head != i:
                below[token.head].append(i)
        return cls(tuple(tokens), tuple(tuple(b) for b in below))

    def at(self, place: int) -> int:
        """The index of the token at an offset, or of the last one before it."""
        found = 0
        for i, token in enumerate(self.tokens):
            if token.start > place:
                break
            found = i
        return found

    def top(self, start: int, end: int) -> int:
        """The index of the token of a stretch that the others of it hang on."""
        within = [i for i, t in enumerate(self.tokens) if t.start < end and t.end > start]
        if not within:
            return self.at(start)
        inside = set(within)
        tops = [i for i in within if self.tokens[i].head not in inside or self.tokens[i].head == i]
        return tops[-1] if tops else within[-1]

    def children(self, i: int) -> tuple[int, ...]:
        """The dependents of a token, in order."""
        return self._below[i]

    def above(self, i: int) -> Iterator[int]:
        """The heads of a token, the nearest first."""
        seen = {i}
        while self.tokens[i].head not in seen:
            i = self.tokens[i].head
            seen.add(i)
            yield i

    def under(self, i: int) -> list[int]:
        """A token and all that hangs on it, in order."""
        found, open_ = [], [i]
        while open_:
            at = open_.pop()
            found.append(at)
            open_ += self._below[at]
        return sorted(found)

    def span(self, i: int) -> tuple[int, int]:
        """The stretch from the first to the last token under a token."""
        under = self.under(i)
        return self.tokens[under[0]].start, self.tokens[under[-1]].end
