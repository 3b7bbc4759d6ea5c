"""The ground floor: what is true for every authority, read from dated data files.

Codes, calendar, clocks, frameworks, areas, populations, benchmarks and distance. Nothing here knows Django or a database.
"""
