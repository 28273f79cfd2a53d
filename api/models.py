"""Models of the read side."""

from api.publications.models import Publication

__all__ = ["Publication"]
