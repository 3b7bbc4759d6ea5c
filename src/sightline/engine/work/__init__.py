"""Knowing what is due: work lists over the ledger of deadlines, what waits for a decision, lists of drift, and the daily digest."""
