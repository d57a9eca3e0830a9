-- Up Migration

-- ---------- writes of backend apps: each owns what it wrote ----------
alter table resource
  add source text collate "C",          -- who wrote the current version; null: from before sources were recorded
  add source_updated timestamptz;       -- newest meta.lastUpdated that the source sent
alter table shared_resource
  add source text collate "C",
  add source_updated timestamptz;

-- Write permissions (c, u, d) were registered before but never granted. Apps that were approved for reading keep
-- reading only.
update app set scope = trim(regexp_replace(
    regexp_replace(
      regexp_replace(scope, '(system/(?:\*|[A-Za-z]+)\.)\*(?=\s|$)', '\1read', 'g'),
      'system/(?:\*|[A-Za-z]+)\.(?:write|c?u?d?)(?:\?\S*)?(?=\s|$)', '', 'g'),
    '(system/(?:\*|[A-Za-z]+)\.)c?(r?)u?d?(s?)(?=[\s?]|$)', '\1\2\3', 'g'))
  where kind = 'backend';

-- ---------- deleted resources: their versions are in the history, and this records the deletion ----------
create table tombstone (
  record_id bigint not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,                 -- version of the deletion: one above the last version
  deleted_at timestamptz not null,
  source text collate "C",              -- who deleted it; the same source may restore it
  source_updated timestamptz,           -- as in the deleted resource
  primary key (record_id, type, id, version)
);
create index tombstone_id on tombstone (id); -- for imports only, as resource_id
create table shared_tombstone (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,
  deleted_at timestamptz not null,
  source text collate "C",
  source_updated timestamptz,
  primary key (practice_id, type, id, version)
);

-- ---------- rejected batch entries: for the operator, and retried when a missing reference arrives ----------
create table refused_entry (
  practice_id int not null,
  source text collate "C" not null,
  key text collate "C" not null,        -- `Type/id` of the source, or a digest of a resource to be created
  refused_at timestamptz not null,
  tried_at timestamptz not null,
  type text not null,
  source_id text,                       -- null: the resource was to be created
  reason text not null,
  waits bool not null,                  -- waiting for a resource that it refers to
  content text not null,                -- the entry; contains health data
  primary key (practice_id, source, key)
);
create index refused_entry_old on refused_entry (refused_at);
