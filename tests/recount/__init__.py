"""The recount: every measure counted again from the snapshot's tables with plain loops.

It shares nothing with the engine but the measures' words, the record's field names and the ground floor (dates, clocks, code groups). Where
the two disagree, the definition decides who is wrong; where the definition does not decide, the definition is wrong.
"""
