"""Tests of the synthetic partnership, with a recount and a look for incoherence of their own."""
