"""Disclosure control: what a published table may show, so that no small number in it can be worked out."""
