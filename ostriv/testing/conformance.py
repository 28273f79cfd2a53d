"""The conformance suite: what every plugin must do, and must not, run over every enabled one.

In a test module of yours::

    from ostriv.testing.conformance import *  # noqa: F403

Each test's name ends with the type, block or plugin that it is about, and its message says what to do.
"""

from ostriv.testing import documents, forms, mailing, switching, visibility
from ostriv.testing.documents import *  # noqa: F403
from ostriv.testing.forms import *  # noqa: F403
from ostriv.testing.mailing import *  # noqa: F403
from ostriv.testing.switching import *  # noqa: F403
from ostriv.testing.visibility import *  # noqa: F403

__all__ = [*visibility.__all__, *documents.__all__, *mailing.__all__, *forms.__all__, *switching.__all__]
