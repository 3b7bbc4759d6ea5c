"""Machinery that reads declarations: actions, deadlines, snapshot, facts, measures, charts, report, exchange, synthetic."""
