"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.project.settings")
_django = get_wsgi_application()
# What is wrong with a plugin is refused here, not by the first editor who opens a page.
import_string("cms.lifecycle.boot.check")()
import_string("cms.lifecycle.boot.check_addresses")()
# Readers are answered from memory where that is right; everything else is Django's.
application = import_string("api.edge.lane.in_front_of")(_django)
