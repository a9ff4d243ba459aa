"""What the configuration is made of, as immutable values; ``tenancy.model`` shows them."""
