"""The command line: parse arguments, call a step, print. No rules here."""

from lobbyx.cli.main import main

__all__ = ["main"]
