"""Systems of partner agencies: who they are, what they sent, and what they are told."""
