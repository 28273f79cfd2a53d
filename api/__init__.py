"""The read side: publications, and the API that reads nothing else."""
