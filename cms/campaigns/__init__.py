"""Campaigns and money: what is given, what was promised, and the page that asks for it."""
