"""The same Django project with Wagtail's own APIs in place of Ostriv's, over the same pages."""
