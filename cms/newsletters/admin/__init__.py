"""Editors' screens of the newsletters room."""
