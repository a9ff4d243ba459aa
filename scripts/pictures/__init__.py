"""Takes pictures of every page over a made-up month: to be looked at, and for the guides."""
