"""The base class of errors that a user can fix."""

from __future__ import annotations


class LobbyxError(Exception):
    """Something the user can fix. The message names the input, the cause and the next step."""
