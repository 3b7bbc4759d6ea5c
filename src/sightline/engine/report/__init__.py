"""The annual report: chapters in Markdown, figures from the measures, two editions, four forms."""
