"""The board's own words, by chapter, with author and sign-off."""
