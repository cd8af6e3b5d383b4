"""Totals and verdicts for people: text, terminal cards, notebook tables, charts, progress bars."""
