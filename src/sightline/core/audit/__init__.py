"""The audit trail: what was read, listed, exported and refused."""
