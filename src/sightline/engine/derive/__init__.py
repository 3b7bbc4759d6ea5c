"""Derived facts: the hard things, each defined once, as Ibis expressions over a snapshot."""
