"""What people touch: pages, their assets, navigation."""
