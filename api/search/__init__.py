"""Search over what is published: words are made one form here, in Python, and found by PostgreSQL."""
