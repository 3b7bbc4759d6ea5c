"""One folder for each safeguarding pathway. Adding a pathway adds a folder and changes no engine file."""
