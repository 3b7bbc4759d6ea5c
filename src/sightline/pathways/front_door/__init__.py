"""The front door: contacts and referrals."""
