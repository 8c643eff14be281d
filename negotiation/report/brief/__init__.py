"""The brief: one page for who picks up the telephone, every sentence a statement that its own results bear out."""
