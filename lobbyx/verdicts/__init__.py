"""Claim x filings -> verdict, with the sentences that explain it. One module a kind of claim.

`case.py` picks the kind; `spending.py`, `changes.py`, `records.py`, `ranks.py`, `counts.py`, `hirings.py` and
`issues.py` ask the `Subject` what they need and judge it with pure functions. `comparators.py` says when a figure
holds, `reproduction.py` how else it comes about, `explanation.py` puts findings into words.
"""
