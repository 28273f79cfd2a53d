from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cms.contract import PluginInfo, setting


@dataclass(frozen=True)
class GallerySettings:
    """How much a photo report may hold."""

    max_photos: int = setting(200, label=_("Photos in one report"), help=_("At most."), minimum=1, maximum=500)
    max_upload: int = setting(
        25,
        label=_("Size of one uploaded file, in megabytes"),
        help=_("At most. It holds for the upload of many photos at once."),
        minimum=1,
        maximum=200,
    )


plugin = PluginInfo(
    name="Photo reports",
    version="1.0.0",
    description=_("Photos with captions and credits, ordered by drag, uploaded many at once."),
    contract=">=1.0,<2",
    settings=GallerySettings,
)
