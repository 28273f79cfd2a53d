"""Whether a plugin keeps to the contract: read first, then loaded in a process of its own."""

from cms.lifecycle.checking.service import check
from cms.lifecycle.checking.subject import NoSuchPlugin

__all__ = ["NoSuchPlugin", "check"]
