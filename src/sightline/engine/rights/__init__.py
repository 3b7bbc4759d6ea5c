"""The machinery of information rights: everything held on a person, packs of it, and its disposal."""
