"""Claims kept with their verdicts: records, imports, ClaimReview."""
