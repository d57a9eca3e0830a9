-- Up Migration

-- ---------- two records that are of one person: which became which, and what came with it ----------
create index record_merged_into on record (merged_into) where merged_into is not null;
create table record_merge (
  record_id bigint not null,            -- that ended
  merge_id uuid not null,
  into_record_id bigint not null,       -- that remains
  said text not null check (said in ('operator', 'replaced-by', 'replaces')), -- by whom, or by which Patient.link
  source text collate "C",              -- of a feed that said so
  merged_at timestamptz not null,
  undone_at timestamptz,
  primary key (record_id, merge_id)
);
create unique index record_merge_open on record_merge (record_id) where undone_at is null;
create index record_merge_into on record_merge (into_record_id);
create table merged_resource (          -- what goes back when a merge is undone
  record_id bigint not null,            -- that it came to
  merge_id uuid not null,
  type text collate "C" not null,
  id uuid not null,
  first_version int not null,           -- the first that came along: what was there before under this key stays
  version int,                          -- as the merge wrote it; null: it was deleted before, or was added since
  primary key (record_id, merge_id, type, id)
);

-- ---------- what was filed under the wrong patient ----------
alter table tombstone
  add retracted bool not null default false; -- another person's: nothing of it is kept here, and it does not come back
create table retraction (
  record_id bigint not null,            -- that it was taken out of
  type text collate "C" not null,
  id uuid not null,
  retracted_at timestamptz not null,
  into_record_id bigint,                -- that it was put in; null: none
  primary key (record_id, type, id, retracted_at)
);
