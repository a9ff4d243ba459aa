"""The pytest plugin (entry point ``chatcrew``): every fixture of the kit, and nothing heavy."""

from chatcrew.testing._postgres import data_dir, database, database_url, postgres
from chatcrew.testing._redis import own_redis, redis_process, redis_server

__all__ = [
    "data_dir",
    "database",
    "database_url",
    "own_redis",
    "postgres",
    "redis_process",
    "redis_server",
]
