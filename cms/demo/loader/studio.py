"""The pictures of a load: drawn into a folder, and taken into Wagtail's image library when they are first used."""

from pathlib import Path

from cms.content.importing.files import ItemFiles
from cms.content.importing.media import store_files
from cms.content.models import NewsroomImage
from cms.demo import pictures, texts


class Studio:
    """A folder of pictures beside the import file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def draw(self) -> None:
        """Draw all pictures into the folder."""
        pictures.draw_all(self.folder)

    def image(self, name: str, locale: str) -> NewsroomImage:
        """The picture with its words in this language; the very row that an imported article with it has."""
        ref = ItemFiles(self.folder).lead_image(name, texts.alt(name, locale), texts.credit(locale))
        ids, _made = store_files([ref])
        image: NewsroomImage = NewsroomImage.objects.get(pk=ids[ref])
        return image
