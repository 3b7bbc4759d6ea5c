"""The rules of SSDA903, a module for each part of the return. Each holds `RULES`."""
