"""Leaving care: aftercare, staying put and how care leavers fare."""
