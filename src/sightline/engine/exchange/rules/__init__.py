"""The rules of statutory returns: declared by each return's folder, run as sets in DuckDB by one engine."""
