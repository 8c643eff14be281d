"""Defiance or delay: what shipments and events say about hidden causes, how sure that is, and how it scores."""
