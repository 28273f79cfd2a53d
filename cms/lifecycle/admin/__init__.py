"""The admin's screens for plugins, and the plugins' own screens in the admin."""
