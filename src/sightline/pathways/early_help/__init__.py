"""Early help: support for families below the threshold of children's social care."""
