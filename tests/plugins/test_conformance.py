"""The bundled plugins pass the suite that the authors of others run."""

from ostriv.testing.conformance import *  # noqa: F403
