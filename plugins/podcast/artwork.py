"""Square pictures as directories of podcasts want them.

Apple: JPEG or PNG, square, 1400 to 3000 pixels wide (https://podcasters.apple.com/support/896-artwork-requirements).
A larger picture is made smaller for the feed, so only the smaller ones and the oblong ones are refused.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage

SMALLEST, LARGEST = 1400, 3000
#: What the feed shows of it: Apple takes no WebP, and no transparency.
RENDITION = f"max-{LARGEST}x{LARGEST}|format-jpeg|jpegquality-85|bgcolor-ffffff"


def is_fit(image: AbstractImage | None) -> bool:
    """Whether directories would take this picture."""
    return image is not None and image.width == image.height and image.width >= SMALLEST


def check(image: AbstractImage | None) -> None:
    """Raise ValidationError, saying what is wanted, for a picture that directories would refuse."""
    if image is not None and not is_fit(image):
        raise ValidationError(
            _(
                "This picture has %(width)d × %(height)d pixels. "
                "Directories want a square of at least %(least)d × %(least)d."
            ),
            params={"width": image.width, "height": image.height, "least": SMALLEST},
        )
