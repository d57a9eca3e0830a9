-- Up Migration

-- ---------- what a projection was made of beside its resource ----------
-- Ids of resources that were looked up for it, whether they were there or not: it is made anew when one of them changes.
-- null: it is made of its resource alone.
alter table projection add asked uuid[];
create index projection_asked on projection using gin (record_id, asked) with (fastupdate = off) where asked is not null;

-- ---------- the directory in another version of FHIR ----------
create table shared_projection (         -- as projection, with the practice in the place of the record
  practice_id int not null,
  name text collate "C" not null,
  type text collate "C" not null,
  id uuid not null,
  maker int not null,
  content text,
  hidden_by text,
  primary key (practice_id, name, type, id),
  check ((content is null) = (hidden_by is not null))
);
create index shared_projection_hidden on shared_projection (practice_id, name, type, id) where content is null;
-- Who has a role is asked with each Practitioner that is written.
create index shared_resource_codes on shared_resource using gin (practice_id, codes) with (fastupdate = off);

-- ---------- which version of FHIR an app said it would read (aud): who signed in is named there ----------
alter table token_family add audience text; -- r4 or dstu2; null: it did not say
