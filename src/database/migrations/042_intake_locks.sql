-- Up Migration

-- ---------- id registry of a practice, see docs/decisions/079 ----------
-- The record that has a resource, or had it last. A resource is in one record of a practice only: its key keeps two
-- transactions from storing a new resource with the same id in two records. Rows are added when resources are stored, so
-- resources from before have none. Their ids are found in the index on resource.id.
create table resource_key (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  record_id bigint not null,
  primary key (practice_id, type, id)
);
