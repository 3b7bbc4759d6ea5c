"""The deadlines ledger: one row for each clock that runs, or has run, on a record."""
