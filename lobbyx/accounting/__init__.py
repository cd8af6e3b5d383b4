"""What counts: one filing as a report, the ways of counting, warnings, and the derived tables."""
