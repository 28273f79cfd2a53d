"""The parameters of lists, as the schema describes them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from api import parameters
from api.answers.content import EXPANDABLE, MOST_EXPANDED
from api.publications.cursor import Order
from api.publications.features import FEATURES
from api.publications.filters import parameters_of, plugin_filters

Schema = dict[str, Any]


def several(name: str, description: str, items: Schema | None = None, most: int = parameters.MOST_VALUES) -> Any:
    """A parameter of several values with commas between."""
    item = items or {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^,\\x00]+$"}
    return OpenApiParameter(
        name,
        {"type": "array", "items": item, "maxItems": most},
        description=f"{description}. At most {most}, with commas between.",
        style="form",
        explode=False,
    )


def moment(name: str, description: str) -> OpenApiParameter:
    """A parameter that is a date or a time."""
    return OpenApiParameter(
        name,
        OpenApiTypes.DATETIME,
        description=f"{description}. A time with its offset, or a date, which means its midnight in UTC.",
    )


_ID: Schema = {"type": "integer", "minimum": 0, "maximum": 2**53}
_LOCALE: Schema = {"type": "string", "enum": parameters.LOCALES}

LOCALES = several(
    "locale",
    "The language, the newsroom's first one if not given. Several, in the order of preference: each piece of content "
    "once, in the first of them that it is published in",
    _LOCALE,
    len(parameters.LOCALES),
)
FIELDS = several(
    "fields",
    "Only these keys of each document; with dots what is in them: `headline,image.renditions.small.url,section.slug`",
)
CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous`, as it is")
PAGE_SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": parameters.LARGEST_PAGE, "default": parameters.PAGE_SIZE},
    description="How many results one page holds",
)
EXPAND = several(
    "expand",
    f"`related` gives each result the teasers of its related content, at most {MOST_EXPANDED}",
    {"type": "string", "enum": EXPANDABLE},
    len(EXPANDABLE),
)

_CORE = [
    several("type", "Of these content types (`/types/` lists them); without it, those that lists show"),
    several("section", "In one of these sections, by slug"),
    several("author", "By one of these authors, by slug"),
    several("tag", "With one of these tags, by slug"),
    several("has", "With all of these", {"type": "string", "enum": FEATURES}, len(FEATURES)),
    several("source", "Credited to one of these sources, by name, whatever its case: `Укрінформ` or `ukrinform`"),
    LOCALES,
    moment("published_after", "Published at this moment or later"),
    moment("published_before", "Published earlier than this moment"),
    moment("updated_after", "Changed at this moment or later. The list is in the order of changes then"),
    moment("updated_before", "Changed earlier than this moment. The list is in the order of changes then"),
    several("ids", "Only these, by id", _ID, parameters.MOST_IDS),
    several("exclude_ids", "Not these, by id", _ID, parameters.MOST_IDS),
    several("exclude_type", "Not of these content types"),
    several("exclude_section", "Not in these sections, by slug"),
    several("exclude_tag", "With none of these tags, by slug"),
    OpenApiParameter(
        "q",
        {"type": "string", "maxLength": parameters.LONGEST_QUERY},
        description="Words that the content contains. `/search/` ranks what it finds, and forgives mistakes",
    ),
    OpenApiParameter(
        "order",
        {"type": "string", "enum": [each.value for each in Order], "default": Order.NEWEST.value},
        description="By which time, and which way: with a minus the newest first",
    ),
    PAGE_SIZE,
    CURSOR,
    FIELDS,
    EXPAND,
]


def of_content() -> list[OpenApiParameter]:
    """What the list of content takes, plugins' filters behind the core's."""
    keys, moments = plugin_filters()
    return [
        *_CORE,
        *(several(each.name, each.description) for each in keys),
        *(moment(name, each.description) for each in moments for name in parameters_of(each)),
    ]
