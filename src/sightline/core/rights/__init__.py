"""Information rights: requests for one's records, rectification, disclosure, disposal, holds and breaches."""
