"""The children with disabilities service."""
