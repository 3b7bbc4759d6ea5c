"""The social work assessment."""
