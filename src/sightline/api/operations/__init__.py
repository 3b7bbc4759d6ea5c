"""The operations of the API, each in a module of its subject."""
