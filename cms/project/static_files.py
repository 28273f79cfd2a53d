"""The files of the editors' screens as they are served: named by what is in them, and compressed once."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compresses with gzip alone.

    Brotli at its highest level, which WhiteNoise takes as soon as it is installed, is three quarters of the first
    start's processor time, for files that ten editors load once.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(use_brotli=False, **options)
