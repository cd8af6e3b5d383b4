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

from lobbyx.checking import Ledger, demo_ledger
from lobbyx.checking import open_ledger as open  # `lobbyx.open(path)` is the public name
from lobbyx.claims import extract
from lobbyx.models import Claim, LobbyxError, Total, Verdict, Window
from lobbyx.names import normalize

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
    "open",
]
