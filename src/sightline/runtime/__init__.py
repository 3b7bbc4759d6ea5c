"""What a running installation stands on: folders, the embedded database, progress. Used by the commands and the settings only."""
