"""Views of the installation itself: health, the frontend at `/`, uploaded files, development mail."""
