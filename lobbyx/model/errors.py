"""The base class of errors that a user can fix."""

from __future__ import annotations

from typing import Any


class LobbyxError(Exception):
    """Something the user can fix. The message names the input, the cause and the next step.

    What a visitor of the site can meet is given as a sentence of `data/texts` (`model/said.py`), so that pages have it
    in both languages; `str()` gives the English. Other errors give their message as text.
    """

    @property
    def told(self) -> Any:
        """What was given: a sentence that has both languages, or a text in English."""
        return self.args[0] if self.args else ""
