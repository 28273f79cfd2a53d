"""Photo reports as readers get them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.contract import DetailSerializer, ImageShape, TeaserSerializer, serializes, structured_data, utc
from cms.contract import NewsroomImage
from plugins.gallery.models import GalleryPage, Photo

Json = dict[str, Any]


class PhotoShape(serializers.Serializer[Any]):
    """One photo. Its words are the report's own, else those of the image; ``image`` repeats credit and alt."""

    image = ImageShape(allow_null=True)
    caption = serializers.CharField()
    credit = serializers.CharField()
    alt = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()


class GalleryTeaser(TeaserSerializer):
    """A teaser with the first photo for a cover, and the number of photos."""

    image = serializers.SerializerMethodField()
    photo_count = serializers.SerializerMethodField()

    @extend_schema_field(ImageShape(allow_null=True))
    def get_image(self, page: GalleryPage) -> Json | None:
        if page.image:
            return ImageShape().to_representation(page.image)
        first = page.photos.first()
        return photo_documents([first])[0]["image"] if first else None

    def get_photo_count(self, page: GalleryPage) -> int:
        return page.photos.count()


class GalleryDetail(DetailSerializer, GalleryTeaser):
    """The detail with all photos, in the editor's order."""

    image = serializers.SerializerMethodField()
    photos = serializers.SerializerMethodField()

    @extend_schema_field(PhotoShape(many=True))
    def get_photos(self, page: GalleryPage) -> list[Json]:
        return photo_documents(page.photos.all())


serializes(GalleryPage, teaser=GalleryTeaser, detail=GalleryDetail)


def photo_documents(photos: Any) -> list[Json]:
    """The documents of these photos. Two queries for all, and a few more for each whose renditions are not made yet."""
    photos = list(photos)
    images = NewsroomImage.objects.prefetch_renditions().in_bulk({photo.image_id for photo in photos})
    return [_document(photo, images[photo.image_id]) for photo in photos if photo.image_id in images]


def _document(photo: Photo, image: NewsroomImage) -> Json:
    words = {"credit": photo.credit or image.credit, "alt": photo.alt or image.description}
    shown = ImageShape().to_representation(image)
    return {
        "image": {**shown, **words} if shown else None,  # its file is gone
        "caption": photo.caption,
        **words,
        "taken_at": utc(photo.taken_at) if photo.taken_at else None,
        "place": photo.place,
    }


@structured_data(GalleryPage)
def image_gallery(page: GalleryPage, common: Json) -> Json:
    """https://schema.org/ImageGallery with an https://schema.org/ImageObject for each photo."""
    return {
        **{key: value for key, value in common.items() if key != "articleSection"},  # an article's, not a gallery's
        "@type": "ImageGallery",
        "associatedMedia": [
            _image_object(document) for document in photo_documents(page.photos.all()) if document["image"]
        ],
    }


def _image_object(photo: Json) -> Json:
    largest = photo["image"]["renditions"]["large"]
    stated = {
        "caption": photo["caption"],
        "description": photo["alt"],
        "creditText": photo["credit"],
        "dateCreated": photo["taken_at"],
        "contentLocation": {"@type": "Place", "name": photo["place"]} if photo["place"] else None,
    }
    return {
        "@type": "ImageObject",
        "contentUrl": largest["url"],
        "width": f"{largest['width']} px",  # https://schema.org/Distance has a unit
        "height": f"{largest['height']} px",
        **{key: value for key, value in stated.items() if value},
    }
