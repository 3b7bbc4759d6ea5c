"""What can be done to the records of core: a module for each kind. Core itself cannot know actions; it stands below them."""
