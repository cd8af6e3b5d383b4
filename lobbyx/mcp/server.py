"""The tools an assistant may use, over standard input and output.

All of them only read: the database is opened read-only, and no claim is stored. What an answer cannot promise stands
in it first, as sentences under `read_this_first`. Answers are bounded and say what they leave out. Everything printed
to standard output is the protocol's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import Field

from lobbyx import __version__
from lobbyx.ledger import open_read_only
from lobbyx.mcp import answers
from lobbyx.model import stated
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import iso, span, window
from lobbyx.model.topic import Kind

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

LONGEST_TEXT: Final = 100_000
"""Characters of a text that is checked."""
INSTRUCTIONS: Final = (
    "lobbyx tells whether a U.S. federal lobbying figure is true, from Lobbying Disclosure Act filings on file. Use "
    "check_text for a sentence or an article, judge_claim for a claim in fields, total for what an organization spent, "
    "topic for who lobbied on something. Repeat what stands in read_this_first: a figure without it says more than the "
    "filings bear. “Unverifiable” is not “false”. Give the interval, not only the reported sum, and link the filings."
)

Text = Annotated[str, Field(description="A sentence or an article, English or Korean.", max_length=LONGEST_TEXT)]
Name = Annotated[
    str, Field(description="An organization's name as people write it, or #id of one on file.", max_length=300)
]
Day = Annotated[str | None, Field(description="A date: 2021-08-01, 2021-08, 2021 or 2021Q3.", max_length=40)]
Amount = Annotated[str, Field(description="US dollars: 10M, 10,000,000 or $10 million.", max_length=60)]
Words = Annotated[str, Field(description="A name, or words that filings may mention.", max_length=200)]
Number = Annotated[int, Field(description="The number of a stored verdict, as its page has it.", ge=1)]
Topic = Annotated[str, Field(description="A bill, a general issue, or words of filings.", min_length=1, max_length=200)]
Part = Annotated[int, Field(description="Which part of the list of filings; 1 has the newest.", ge=1)]
Compared = Literal["at_least", "more_than", "about", "exact", "at_most", "less_than"]
Answer = dict[str, Any]


class NoProtocol(LobbyxError):
    """The library for the protocol is not installed."""


def serve(db: Path) -> None:
    """Answers on standard input and output until the other side closes them.

    Raises NoProtocol without the extra `mcp`, and NoDatabase where there is no database that can be read.
    """
    with closing(open_read_only(db)):  # fails now, in words, and not at the first question
        pass
    make_server(db).run("stdio")


def make_server(db: Path) -> MCPServer:
    """The server with its tools over one database."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise NoProtocol(
            "lobbyx mcp needs the MCP SDK, which is not installed. Install it with: pip install 'lobbyx[mcp]'"
        ) from error

    def in_words(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(ask)
        def told(*args: Any, **kwargs: Any) -> Answer:
            try:
                return ask(*args, **kwargs)
            except LobbyxError as error:
                raise ToolError(str(error)) from None

        return told

    server = MCPServer("lobbyx", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    tools = Tools(db)
    for ask in (
        tools.check_text,
        tools.judge_claim,
        tools.total,
        tools.search,
        tools.topic,
        tools.filings_behind_verdict,
    ):
        server.tool(annotations=reads)(in_words(ask))
    return server


class Tools:
    """What can be asked. Each question opens the database anew, so that it sees what was loaded meanwhile.

    The docstrings and the descriptions of the arguments are what the assistant reads.
    """

    def __init__(self, db: Path) -> None:
        self.db = db

    def check_text(self, text: Text, published: Day = None, org: Name | None = None) -> Answer:
        """Find the claims about U.S. federal lobbying money in a text and judge each by the filings on file.

        `published` is the day the text was published: "last year" is reckoned from it, and only reports posted by then
        count. `org` is whose claims those are that name nobody.
        """
        from lobbyx.reading.source import Source

        day = iso(span(published).end) if published else None
        source = Source("text", text, day, "given" if day else None)
        with open_read_only(self.db) as ledger:
            return answers.checked(ledger.check(source, None, None, org))

    def judge_claim(
        self,
        org: Name,
        amount: Amount,
        comparator: Compared = "about",
        since: Day = None,
        until: Day = None,
        as_of: Day = None,
        with_subsidiaries: bool = False,
    ) -> Answer:
        """Judge the claim that an organization spent so much on lobbying in a period (both days inclusive)."""
        claim = stated.claim(org, comparator, amount, window(since, until))
        with open_read_only(self.db) as ledger:
            return answers.checked([ledger.judge(claim, as_of, with_subsidiaries)])

    def total(
        self, org: Name, since: Day = None, until: Day = None, as_of: Day = None, with_subsidiaries: bool = False
    ) -> Answer:
        """What an organization spent on lobbying in a period, as intervals in US dollars, in five ways of counting.

        `lda` is the law's own accounting: in-house expenses contain the fees of outside firms. `gross` counts these
        fees twice, as many sites do.
        """
        with open_read_only(self.db) as ledger:
            return answers.total(ledger.total(org, since, until, as_of, with_subsidiaries))

    def search(self, words: Words) -> Answer:
        """Find organizations and firms by name, and filings whose descriptions of lobbying mention the words."""
        from lobbyx.organizations.search import search

        with open_read_only(self.db) as ledger:
            return answers.found(search(ledger.db, words))

    def topic(
        self, topic: Topic, kind: Kind | None = None, since: Day = None, until: Day = None, part: Part = 1
    ) -> Answer:
        """Who lobbied on a topic, by quarter: reports, organizations, who started and stopped, agencies and firms.

        A topic is a bill (H.R. 3962), a general issue (TRD, or its name) or words that descriptions contain; `kind`
        chooses where it could be read in two ways. There is no money in it: a report gives one amount for all it lists.
        """
        from lobbyx.accounting import topics
        from lobbyx.model.topic import read_topic

        asked = read_topic(topic, kind)
        with open_read_only(self.db) as ledger:
            return answers.topic(topics.topic(ledger.db, asked, window(since, until), part=part))

    def filings_behind_verdict(self, verdict_id: Number) -> Answer:
        """The filings behind a verdict that is stored in the database, each with its page at the Senate."""
        with open_read_only(self.db) as ledger:
            return answers.filings_behind(ledger.db, verdict_id)
