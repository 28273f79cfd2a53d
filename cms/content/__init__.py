"""Content: pages, sections, authors, images, blocks, and the outbox in which cms says what happened."""
