-- Up Migration

-- ---------- inputs of a projection besides its resource ----------
-- Ids of resources that were looked up for the projection, whether or not they existed. It is converted again when one
-- of them changes. null: it depends on its own resource only.
alter table projection add asked uuid[];
create index projection_asked on projection using gin (record_id, asked) with (fastupdate = off) where asked is not null;

-- ---------- directory resources in another FHIR version ----------
create table shared_projection (         -- as projection, keyed by practice instead of record
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
-- Each write of a Practitioner looks up its PractitionerRoles.
create index shared_resource_codes on shared_resource using gin (practice_id, codes) with (fastupdate = off);

-- ---------- FHIR version that an app requested with `aud`; fhirUser refers to it ----------
alter table token_family add audience text; -- r4 or dstu2; null: not requested
