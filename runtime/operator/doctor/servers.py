"""Servers: the database and Redis, as this machine sees them."""

import time
from collections.abc import Iterator

import psycopg
import redis

from runtime.db import Database, UnsafeRoleError
from runtime.migrate import pending
from runtime.operator.doctor.finding import Finding

_OLDEST_POSTGRES = 150000
_OLDEST_REDIS = (6, 2)
_CLOCKS_AGREE_WITHIN = 2.0


def database(url: str | None) -> Iterator[Finding]:
    """Look at PostgreSQL: reachable, new enough, its clock, our role in it, its tables."""
    if url is None:
        remedy = "set DATABASE_URL, or start `rapport up`, whose servers are found by themselves"
        yield Finding("database", "fault", "DATABASE_URL is not set", remedy)
        return
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            yield _postgres_version(connection.info.server_version)
            clock = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
            yield _clock("database clock", float(clock[0]) if clock else 0.0)
    except psycopg.OperationalError as error:
        why = " ".join(str(error).split())
        yield Finding("database", "fault", why, "start PostgreSQL, or correct DATABASE_URL")
        return
    yield _role(url)
    yield _migrations(url)


def _postgres_version(number: int) -> Finding:
    detail = f"PostgreSQL {number // 10000}"
    if number < _OLDEST_POSTGRES:
        return Finding("database", "fault", detail, "upgrade to PostgreSQL 15 or newer")
    return Finding("database", "ok", detail)


def _role(url: str) -> Finding:
    database = Database(url, connections=1)
    try:
        database.refuse_unsafe_role()
    except UnsafeRoleError as error:
        return Finding("database role", "fault", "could see every workspace's rows", str(error))
    finally:
        database.close()
    return Finding("database role", "ok", "no superuser, bypasses nothing, owns nothing")


def _migrations(url: str) -> Finding:
    if pending(url):
        detail = "the tables are older than this release"
        return Finding("migrations", "fault", detail, "run `rapport migrate`")
    return Finding("migrations", "ok", "up to date")


def redis_server(url: str | None) -> Iterator[Finding]:
    """Look at Redis: reachable, new enough, keeps what it is given, its clock."""
    if url is None:
        remedy = "set REDIS_URL; until then the worker does the jobs by itself"
        yield Finding("redis", "warning", "REDIS_URL is not set", remedy)
        return
    client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    try:
        yield from _answering(client)
    except redis.RedisError as error:
        remedy = "start Redis, or correct REDIS_URL; until then the worker does the jobs by itself"
        yield Finding("redis", "fault", " ".join(str(error).split()), remedy)
    finally:
        client.close()


def _answering(client: redis.Redis) -> Iterator[Finding]:
    info = client.info()
    server = (
        f"{info.get('server_name', 'redis')} {info.get('valkey_version', info['redis_version'])}"
    )
    if tuple(int(part) for part in info["redis_version"].split(".")[:2]) < _OLDEST_REDIS:
        yield Finding("redis", "fault", server, "upgrade to Redis 6.2 or newer, or to Valkey")
    elif info.get("maxmemory_policy", "noeviction") != "noeviction":
        detail = f"{server} evicts jobs under pressure ({info['maxmemory_policy']})"
        yield Finding("redis", "warning", detail, "set its maxmemory-policy to noeviction")
    else:
        yield Finding("redis", "ok", server)
    seconds, microseconds = client.time()
    yield _clock("redis clock", seconds + microseconds / 1e6)


def _clock(subject: str, theirs: float) -> Finding:
    skew = theirs - time.time()
    detail = f"{abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} this machine"
    if abs(skew) > _CLOCKS_AGREE_WITHIN:
        return Finding(subject, "warning", detail, "let both machines keep time by NTP")
    return Finding(subject, "ok", detail)
