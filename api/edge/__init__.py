"""What stands in front of Django: the lane that answers readers from memory, and what keeps its memory right."""
