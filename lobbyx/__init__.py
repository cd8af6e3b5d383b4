"""lobbyx: is a lobbying figure in the news true, and how did whoever printed it get to it?

```python
import lobbyx

with lobbyx.open("db/demo.db") as ledger:
    print(ledger.total("Coupang", since="2021-08", until="2025-12-25", as_of="2025-12-25"))
    for verdict in ledger.check("Coupang has spent ...", published="2025-12-25"):
        print(verdict)
```
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lobbyx.model.presentation import present_with

if TYPE_CHECKING:
    from lobbyx.ledger import Ledger, demo_ledger
    from lobbyx.ledger import open_ledger as open  # noqa: F401
    from lobbyx.model.claim import Claim
    from lobbyx.model.errors import LobbyxError
    from lobbyx.model.period import Window
    from lobbyx.model.presentation import Presentation
    from lobbyx.model.total import Total
    from lobbyx.model.verdict import Verdict
    from lobbyx.names import normalize
    from lobbyx.reading.claims import extract

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "Ledger",
    "LobbyxError",
    "Total",
    "Verdict",
    "Window",
    "demo_ledger",
    "extract",
    "normalize",
]
"""`lobbyx.open(path)` is not among them, since a star import must leave the built-in alone."""

_WHERE = {
    "Claim": ("lobbyx.model.claim", "Claim"),
    "Ledger": ("lobbyx.ledger", "Ledger"),
    "LobbyxError": ("lobbyx.model.errors", "LobbyxError"),
    "Total": ("lobbyx.model.total", "Total"),
    "Verdict": ("lobbyx.model.verdict", "Verdict"),
    "Window": ("lobbyx.model.period", "Window"),
    "demo_ledger": ("lobbyx.ledger", "demo_ledger"),
    "extract": ("lobbyx.reading.claims", "extract"),
    "normalize": ("lobbyx.names", "normalize"),
    "open": ("lobbyx.ledger", "open_ledger"),
}
"""Public name -> module and name there. Each is imported when it is first used: `lobbyx --help` needs none of them."""


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'lobbyx' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    found = globals()[name] = getattr(import_module(module), attribute)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})


def _presentation() -> Presentation:
    from lobbyx.render.presentation import Rendered

    return Rendered()


present_with(_presentation)
