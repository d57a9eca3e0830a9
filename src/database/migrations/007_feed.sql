-- Up Migration

-- ---------- what backend apps write: each of them its own ----------
alter table resource
  add source text collate "C",          -- who brought what is there now; null: from before sources were kept
  add source_updated timestamptz;       -- as the source dates it (meta.lastUpdated): the newest it sent
alter table shared_resource
  add source text collate "C",
  add source_updated timestamptz;

-- Letters for writing (c, u, d) were registered and never granted: what was approved for reading goes on reading.
update app set scope = trim(regexp_replace(
    regexp_replace(
      regexp_replace(scope, '(system/(?:\*|[A-Za-z]+)\.)\*(?=\s|$)', '\1read', 'g'),
      'system/(?:\*|[A-Za-z]+)\.(?:write|c?u?d?)(?:\?\S*)?(?=\s|$)', '', 'g'),
    '(system/(?:\*|[A-Za-z]+)\.)c?(r?)u?d?(s?)(?=[\s?]|$)', '\1\2\3', 'g'))
  where kind = 'backend';

-- ---------- what was deleted: its versions are in the history, and this says when they ended ----------
create table tombstone (
  record_id bigint not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,                 -- of the deletion: one more than that of what was deleted
  deleted_at timestamptz not null,
  source text collate "C",              -- who deleted it; the same may bring it back
  source_updated timestamptz,           -- as in what was deleted
  primary key (record_id, type, id, version)
);
create index tombstone_id on tombstone (id); -- for intake alone, as resource_id
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

-- ---------- what was refused of batches: for the operator, and to be tried again when what it waits for is there ----------
create table refused_entry (
  practice_id int not null,
  source text collate "C" not null,
  key text collate "C" not null,        -- `Type/id` as the source has it, or a digest of what was to be created
  refused_at timestamptz not null,
  tried_at timestamptz not null,
  type text not null,
  source_id text,                       -- null: it was to be created
  reason text not null,
  waits bool not null,                  -- for something it refers to
  content text not null,                -- the entry: health data
  primary key (practice_id, source, key)
);
create index refused_entry_old on refused_entry (refused_at);
