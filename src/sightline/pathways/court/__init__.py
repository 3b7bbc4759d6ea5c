"""Care proceedings: applications, hearings, extensions and orders."""
