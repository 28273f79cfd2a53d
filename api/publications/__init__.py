"""Publications: what is public, ready-made. Written when a page goes live, read by everything that is public."""
