"""Prospective adopters: from the enquiry through two stages to approval, match and order."""
