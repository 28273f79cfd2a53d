"""What programs follow: feeds for readers' programs, sitemaps for search engines. Made of publications only."""
