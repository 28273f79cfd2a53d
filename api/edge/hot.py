"""The addresses that the lane answers without Django's request machinery: lists, details and searches."""

import logging
import re
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import QueryDict
from rest_framework.exceptions import APIException

from api.answers import search as searching
from api.answers.content import content_detail, content_list
from api.edge.reader import Reader
from api.http import Answer
from api.publications import database

logger = logging.getLogger(__name__)

_DETAIL = re.compile(r"/api/v1/content/([-a-zA-Z0-9_]+)/([-a-zA-Z0-9_]+)/")
_LISTS: dict[str, Callable[[QueryDict], Answer]] = {
    "/api/v1/content/": content_list,
    searching.PATH: searching.search,
    searching.SUGGEST_PATH: searching.suggest,
}


class TooHeavy(Exception):  # noqa: N818  (what the question is, not a fault of ours)
    """The database gave up on this question."""


def answer(reader: Reader, path: str, query_string: str) -> Answer | None:
    """The answer for this address; None if it is not one of these, or if Django has to say what is wrong with it.

    ``query_string`` is as WSGI has it (bytes as Latin-1). Raises TooHeavy.
    """
    if path in _LISTS:
        return _ask(reader, _LISTS[path], (), query_string)
    if found := _DETAIL.fullmatch(path):
        return _ask(reader, content_detail, found.groups(), query_string)
    return None


def _ask(
    reader: Reader, function: Callable[..., Answer], arguments: tuple[Any, ...], query_string: str
) -> Answer | None:
    try:
        with database.use(reader):
            return function(*arguments, QueryDict(query_string.encode("latin-1")))
    except psycopg.errors.QueryCanceled as error:
        raise TooHeavy from error
    except (APIException, SuspiciousOperation, UnicodeError):
        return None
    except psycopg.Error as error:
        logger.warning("The read side's own connection failed, Django's is asked: %s", error)
        return None
    finally:
        if connection.connection is not None:
            connection.close()  # what is asked of Django's own, once in a while, goes back to its pool
