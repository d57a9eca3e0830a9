-- Up Migration

-- ---------- merged records of one person, and the resources that were moved ----------
create index record_merged_into on record (merged_into) where merged_into is not null;
create table record_merge (
  record_id bigint not null,            -- record that ended
  merge_id uuid not null,
  into_record_id bigint not null,       -- record that remains
  said text not null check (said in ('operator', 'replaced-by', 'replaces')), -- who requested it: an operator, or a Patient.link
  source text collate "C",              -- source of the feed that requested it
  merged_at timestamptz not null,
  undone_at timestamptz,
  primary key (record_id, merge_id)
);
create unique index record_merge_open on record_merge (record_id) where undone_at is null;
create index record_merge_into on record_merge (into_record_id);
create table merged_resource (          -- resources to move back if the merge is undone
  record_id bigint not null,            -- record that it was moved to
  merge_id uuid not null,
  type text collate "C" not null,
  id uuid not null,
  first_version int not null,           -- first version that was moved; earlier versions under this key belong to the remaining record
  version int,                          -- version written by the merge; null: deleted before, or added since
  primary key (record_id, merge_id, type, id)
);

-- ---------- resources that were filed under the wrong patient ----------
alter table tombstone
  add retracted bool not null default false; -- belonged to another patient: nothing of it is stored here, and it can't be restored
create table retraction (
  record_id bigint not null,            -- record that it was removed from
  type text collate "C" not null,
  id uuid not null,
  retracted_at timestamptz not null,
  into_record_id bigint,                -- record that it was moved to; null: none
  primary key (record_id, type, id, retracted_at)
);
