"""The rules of the children in need census, a module for each part of it. Each holds `RULES`."""
