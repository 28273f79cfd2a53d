"""What the database means when it refuses a row, in words for who runs an import."""

from django.apps import apps
from django.db import DatabaseError
from django.db.models import BaseConstraint


def words_of(error: DatabaseError) -> str:
    """The sentence that the violated constraint has for editors; without one, what the database says itself."""
    # psycopg tells the constraint of a violation: https://www.psycopg.org/psycopg3/docs/api/errors.html
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    constraint = _constraint(name) if name else None
    if constraint and constraint.violation_error_message != BaseConstraint.default_violation_error_message:
        return f"{constraint.get_violation_error_message()} ({name})"
    return str(error).splitlines()[0]


def _constraint(name: str) -> BaseConstraint | None:
    """The constraint of this name; Django has no two of one name."""
    constraints = (each for model in apps.get_models() for each in model._meta.constraints)
    return next((each for each in constraints if each.name == name), None)
