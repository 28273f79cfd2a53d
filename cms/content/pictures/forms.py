"""The form by which pictures are uploaded and changed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.content.models import NewsroomImage
from cms.content.pictures import darkroom, renditions


class PictureField(WagtailImageField):
    """A file that is a picture to its last byte, and no larger than can be shown.

    Wagtail decodes it to learn its size: a file of kilobytes may take gigabytes then, and one that is cut off fails.
    """

    default_error_messages = {
        "damaged": _("This file is damaged: it can't be read as an image. Save it anew and upload it again.")
    }

    def check_image_pixel_size(self, f: Any) -> None:
        f.seek(0)
        try:
            f.developed = darkroom.develop(f, renditions.LARGEST)
        except darkroom.TooLargeError as error:
            message = self.error_messages["file_too_many_pixels"]
            limits = {"num_pixels": error.pixels, "max_pixels_count": darkroom.MAX_PIXELS}
            raise ValidationError(message, code="file_too_many_pixels", params=limits) from None
        except darkroom.UnreadableError:
            raise ValidationError(self.error_messages["damaged"], code="damaged") from None
        f.seek(0)


class NewsroomImageForm(BaseImageForm):
    """What can't be shown is refused here, and what is taken can be published at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wagtails := self.fields.get("file"):
            self.fields["file"] = PictureField(
                label=wagtails.label,
                required=wagtails.required,
                widget=wagtails.widget,
                max_length=wagtails.max_length,
            )

    def save(self, commit: bool = True) -> NewsroomImage:
        if "file" in self.changed_data:
            self.instance.developed = getattr(self.cleaned_data["file"], "developed", None)
        if not (commit and self.instance.pk and "file" in self.changed_data):
            image: NewsroomImage = super().save(commit=commit)
            return image
        # One change for all who look: the worker learns of it when the new file has its renditions.
        with transaction.atomic():
            renditions.retire(self.instance)
            self.instance.renditions_version, self.instance.color = 0, ""
            image = super().save(commit=True)
            renditions.make_first(image, image.developed)
        return image
