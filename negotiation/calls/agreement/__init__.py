"""What the call must deliver (was deliver_*)."""
