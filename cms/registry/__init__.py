"""What plugins declare. This room imports no other room."""
