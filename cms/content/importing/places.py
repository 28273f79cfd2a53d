"""Where an import puts a page: into the folder of its year, or below the page that its line names as its parent."""

from cms.content.models import ContentPage, FolderPage


def stands_in_folder(model: type[ContentPage]) -> bool:
    """Whether pages of this type may stand in the folder of a year."""
    return FolderPage in model.allowed_parent_page_models()


def parent_types(model: type[ContentPage]) -> list[type[ContentPage]]:
    """The types that a page of this type may stand below; of other pages no line knows the id."""
    return [parent for parent in model.allowed_parent_page_models() if issubclass(parent, ContentPage)]


def is_importable(model: type[ContentPage]) -> bool:
    """Whether there is any place for pages of this type that an import could find."""
    return stands_in_folder(model) or bool(parent_types(model))


def named(models: list[type[ContentPage]]) -> str:
    """The names of these types, as a line would give them."""
    return ", ".join(repr(model.get_type_name()) for model in models)
