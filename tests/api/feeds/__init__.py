"""Feeds, sitemaps and structured data: valid by validators of others, and nothing that readers can't see."""
