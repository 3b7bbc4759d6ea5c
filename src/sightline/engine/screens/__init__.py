"""Screens read declarations: a form for every action, a page for every record, a person's chronology."""
