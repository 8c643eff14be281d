"""Value of the call and of information (was worth_*)."""
