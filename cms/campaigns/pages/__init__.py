"""The donation page: static files, built by a worker from the public document and swapped in at once."""
