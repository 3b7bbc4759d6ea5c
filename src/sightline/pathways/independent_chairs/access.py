"""Who sees anonymous feedback: nobody's child, and someone who was at the meeting might recognise an answer."""

from sightline.core.access.visibility import SeenByListReaders

RULES = {"independent_chairs.Feedback": SeenByListReaders()}
