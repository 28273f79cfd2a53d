"""`ostriv up`: every process of an installation on one machine, started, watched and stopped together.

Nothing here imports Django: what needs it runs in a child (`cms.up.prepare`).
"""
