"""Files in and out: statutory returns read whole or not at all."""
