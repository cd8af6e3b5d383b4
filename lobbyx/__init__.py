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

from lobbyx.ledger import Ledger, demo_ledger, open_ledger
from lobbyx.model.claim import Claim
from lobbyx.model.errors import LobbyxError
from lobbyx.model.period import Window
from lobbyx.model.presentation import present_with
from lobbyx.model.total import Total
from lobbyx.model.verdict import Verdict
from lobbyx.names import normalize
from lobbyx.reading.claims import extract
from lobbyx.render.presentation import Rendered

present_with(Rendered())
open = open_ledger
"""`lobbyx.open(path)`; not in `__all__`, since a star import must leave the built-in alone."""

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
