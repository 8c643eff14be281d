"""The sections of the main report, one question a module: each turns results into text, tables and figures."""
