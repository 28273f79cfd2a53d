import pytest
from tests.plugins.gallery.reports import *
pytestmark=[pytest.mark.django_db]
def test_h():
    report = make_report(photos=0, live=False)
    html = editors_browser().get(f"/admin/x/gallery/{report.pk}/upload/").content.decode()
    open("/tmp/w/photo/h.html","w").write(html)
