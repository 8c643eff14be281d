"""The room holds Fudenberg-Levine scores and the patient limit, exactly."""
