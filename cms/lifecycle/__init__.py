"""The life of a plugin in an installation: made, checked, switched, watched, purged. Its screens are here too."""
