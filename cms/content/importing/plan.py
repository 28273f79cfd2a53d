"""What is to be done with the items of a batch, by what is in the database."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from cms.content.importing.history import edited_here
from cms.content.importing.pages import translation_key
from cms.content.importing.places import named, parent_types
from cms.content.importing.preparing import Prepared
from cms.content.models import ContentPage


def in_order(batch: Sequence[Prepared]) -> Iterator[list[Prepared]]:
    """The batch in parts, each of items that refer only to earlier parts, or to none of the batch.

    Items that refer to one another in a circle are the last part.
    """
    left = list(batch)
    while left:
        ids = {prepared.item.id for prepared in left}
        ready = [prepared for prepared in left if ids.isdisjoint(prepared.item.references.values())] or left
        yield ready
        gone = {prepared.item.id for prepared in ready}
        left = [prepared for prepared in left if prepared.item.id not in gone]


@dataclass(frozen=True)
class Known:
    """A page that items may refer to; its key is 0 while a dry run only plans it."""

    pk: int
    model: type[ContentPage]
    locale: str


Planned = Callable[[Collection[str]], dict[str, Known]]


class Plan:
    """What is to be done with each item of a batch.

    ``planned`` gives the pages that a dry run would have made; None in a real run, which finds them in the database.
    With ``last_chance`` an item whose reference is not there is refused, and doesn't wait.
    """

    def __init__(self, batch: list[Prepared], *, overwrite: bool, last_chance: bool, planned: Planned | None):
        self.new: list[Prepared] = []
        self.existing: list[tuple[Prepared, ContentPage]] = []
        self.unchanged = 0
        self.kept: list[Prepared] = []
        self.refused: list[tuple[Prepared, str, str]] = []
        #: (item, the field whose reference has not come yet)
        self.waiting: list[tuple[Prepared, str]] = []
        #: Items that are here, below another page than their line says.
        self.elsewhere: list[Prepared] = []
        self.last_chance = last_chance
        self.planned = planned
        there = {
            page.import_id: page
            for page in ContentPage.objects.filter(
                import_id__in=[prepared.item.id for prepared in batch]
            ).select_related("content_type", "locale")
        }
        changed = []
        standing: list[tuple[Prepared, ContentPage]] = []
        for prepared in batch:
            page = there.get(prepared.item.id)
            if page is None:
                self.new.append(prepared)
            elif page.import_fingerprint == prepared.fingerprint:
                self.unchanged += 1
                standing.append((prepared, page))
            elif (kind := page.specific_class) is not prepared.item.model:
                self.refuse(prepared, "type", f"was {kind.get_type_name()!r} before; a type can't change")
            elif (code := page.locale.language_code) != prepared.item.locale:
                self.refuse(prepared, "locale", f"was {code!r} before; a language can't change")
            else:
                changed.append((prepared, page))
                standing.append((prepared, page))
        edited = set() if overwrite or not changed else edited_here(page for _prepared, page in changed)
        self.kept = [prepared for prepared, page in changed if page.pk in edited]
        self.existing = [(prepared, page) for prepared, page in changed if page.pk not in edited]
        self._find_elsewhere(standing)
        #: The pages that items of this batch refer to, by import id.
        self.known = self._find_references()
        self._refuse_unfit_parents()
        self._refuse_taken_slugs()
        self._refuse_second_translations()
        self._load()

    def refuse(self, prepared: Prepared, field: str, reason: str) -> None:
        self.refused.append((prepared, field, reason))
        self._take_out(prepared)

    def _take_out(self, prepared: Prepared) -> None:
        self.new = [each for each in self.new if each is not prepared]
        self.existing = [pair for pair in self.existing if pair[0] is not prepared]

    def _all(self) -> list[Prepared]:
        return [*self.new, *(prepared for prepared, _page in self.existing)]

    def _find_elsewhere(self, standing: list[tuple[Prepared, ContentPage]]) -> None:
        """Note the pages that stand below another page than their line says: an import moves none."""
        below = {page.path[: -Page.steplen]: None for prepared, page in standing if prepared.item.parent}
        if below:
            parents = dict(ContentPage.objects.filter(path__in=below).values_list("path", "import_id"))
            self.elsewhere = [
                prepared
                for prepared, page in standing
                if prepared.item.parent and parents.get(page.path[: -Page.steplen]) != prepared.item.parent
            ]

    def _find_references(self) -> dict[str, Known]:
        """The pages that targets and parents name. Items wait for those that have not come."""
        wanted = {name for prepared in self._all() for name in prepared.item.references.values()}
        if not wanted:
            return {}
        pages = ContentPage.objects.filter(import_id__in=wanted)
        known = {
            import_id: Known(pk, ContentType.objects.get_for_id(kind).model_class() or ContentPage, code)
            for import_id, pk, kind, code in pages.values_list(
                "import_id", "pk", "content_type_id", "locale__language_code"
            )
        }
        if self.planned:
            known = self.planned(wanted) | known
        there = {prepared.item.id for prepared, _page in self.existing}
        for prepared in self._all():
            for field, name in prepared.item.references.items():
                # A page that is here stays where it is, whatever its line says.
                if name in known or (field == "parent" and prepared.item.id in there):
                    continue
                if self.last_chance:
                    self.refuse(prepared, field, f"there is no item {name!r} here, and the file brought none")
                else:
                    self.waiting.append((prepared, field))
                    self._take_out(prepared)
                break
        return known

    def _refuse_unfit_parents(self) -> None:
        for prepared in list(self.new):
            item = prepared.item
            if not item.parent:
                continue
            parent, allowed = self.known[item.parent], parent_types(item.model)
            own, other = item.model.get_type_name(), parent.model.get_type_name()
            if parent.model not in allowed:
                reason = f"{item.parent!r} is of type {other!r}; {own!r} stands below: {named(allowed)}"
                self.refuse(prepared, "parent", reason)
            elif parent.locale != item.locale:
                reason = f"{item.parent!r} is in {parent.locale!r}; an item in {item.locale!r} stands below one in it"
                self.refuse(prepared, "parent", reason)

    def _refuse_taken_slugs(self) -> None:
        """A slug that an item asks for must be free; one made of a headline gives way by itself."""
        asked: dict[tuple[str, str], Prepared] = {}
        for prepared in self._all():
            key = (prepared.item.locale, prepared.item.slug)
            if prepared.item.slug and asked.setdefault(key, prepared) is not prepared:
                self.refuse(prepared, "slug", f"{prepared.item.slug!r} is the slug of line {asked[key].line} already")
        if not asked:
            return
        own = {prepared.item.id: page.pk for prepared, page in self.existing}
        pages = ContentPage.objects.filter(slug__in={slug for _locale, slug in asked}).select_related("locale")
        for page in pages:
            prepared = asked.get((page.locale.language_code, page.slug))
            if prepared is not None and own.get(prepared.item.id) != page.pk:
                self.refuse(prepared, "slug", f"{page.slug!r} is the slug of another page: “{page.title}”")

    def _refuse_second_translations(self) -> None:
        keys = {translation_key(prepared): prepared for prepared in self.new}
        seen: dict[tuple[object, str], Prepared] = {}
        for prepared in list(self.new):
            first = seen.setdefault((translation_key(prepared), prepared.item.locale), prepared)
            if first is not prepared:
                code = prepared.item.locale
                self.refuse(prepared, "translation_of", f"line {first.line} is its translation into {code!r} already")
        for page in ContentPage.objects.filter(translation_key__in=keys).select_related("locale"):
            for prepared in list(self.new):
                same_language = prepared.item.locale == page.locale.language_code
                if same_language and translation_key(prepared) == page.translation_key:
                    self.refuse(prepared, "translation_of", f"“{page.title}” is its translation already")

    def _load(self) -> None:
        """Replace the plain pages of ``existing`` by specific ones."""
        loaded: dict[int, ContentPage] = {}
        for model in {prepared.item.model for prepared, _page in self.existing}:
            ids = [page.pk for prepared, page in self.existing if prepared.item.model is model]
            loaded |= model.objects.select_related("locale").in_bulk(ids)
        self.existing = [(prepared, loaded[page.pk]) for prepared, page in self.existing]
