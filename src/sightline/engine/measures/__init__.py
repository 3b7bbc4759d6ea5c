"""Measures: a cohort and a small arithmetic on it. The number and its list come from one expression."""
