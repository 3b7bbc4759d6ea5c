"""The shape of every record: described fields, provenance, history, and writing only through actions."""
