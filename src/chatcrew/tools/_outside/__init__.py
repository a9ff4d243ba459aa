"""Tools of a business that reach outside: HTTP, n8n, WooCommerce, SQL."""
