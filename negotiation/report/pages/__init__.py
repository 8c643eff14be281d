"""The main page, a study page, the job."""
