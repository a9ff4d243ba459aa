"""From files to checked data with the line and column of everything."""
