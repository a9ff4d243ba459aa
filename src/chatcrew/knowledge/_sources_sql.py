"""The statements on which versions of a tenant's knowledge there are."""

from sqlalchemy import text

# A start of many workers writes nothing: to be known as in use within ten minutes is enough
STALE = text("""
    select touched_at < now() - interval '10 minutes' from knowledge_source
    where tenant = :tenant and version = :version
""")
TOUCH = text("""
    update knowledge_source set touched_at = now()
    where tenant = :tenant and version = :version returning version
""")
CLAIM = text("""
    insert into knowledge_source
        (tenant, version, entries, frequencies, documents, passages, length, vocabulary)
    values (:tenant, :version, :entries, cast(:frequencies as jsonb), :documents, :passages,
        :length, cast(:vocabulary as jsonb))
    on conflict (tenant, version) do nothing returning version
""")
FREQUENCIES = text("""
    select entries, frequencies, documents, passages, length, vocabulary::text as vocabulary
    from knowledge_source where tenant = :tenant and version = :version
""")

# Who syncs a version at this moment holds its row: it is looked at again, and stays
FORGET = text("""
    delete from knowledge_source
    where touched_at < now() - make_interval(secs => :seconds)
        and (tenant, version) not in (
            select tenant, version from (
                select tenant, version,
                    row_number() over (partition by tenant order by touched_at desc, version) as nth
                from knowledge_source
            ) as ranked where nth <= :newest
        )
    returning tenant
""")
