"""The one kind of error that a user can put right."""

from __future__ import annotations


class LobbyxError(Exception):
    """Something the user can put right; the message names the input, the cause and the next step."""
