-- Up Migration

-- ---------- search at the depth of FHIR R4 and US Core ----------
alter table resource add extra jsonb;            -- strings, quantities and words of tokens: filtered, not indexed
alter table shared_resource add extra jsonb;
drop index resource_stale;
create index resource_stale on resource (record_id) where indexed_by < 3;

-- A superseded version is authorized by the same conditions as the resource, so it needs the same columns.
alter table resource_history
  add sort_at timestamptz not null default '-infinity',
  add dates timestamptz[] not null default '{}',
  add flags int8[] not null default '{}',
  add codes int8[] not null default '{}',
  add extra jsonb,
  add indexed_by int not null default 0;
create table shared_resource_history (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,
  last_updated timestamptz not null,
  sort_at timestamptz not null default '-infinity',
  dates timestamptz[] not null default '{}',
  flags int8[] not null default '{}',
  codes int8[] not null default '{}',
  extra jsonb,
  indexed_by int not null default 0,
  content text,
  primary key (practice_id, type, id, version)
);

-- Returns the hashed token of a reference to `type/id` under a search parameter, computed like
-- src/fhir/store/token-hash.ts: the first eight bytes of a SHA-256. Chained searches use it when PostgreSQL finds the
-- referenced resource.
create function reference_token(name text, type text, id uuid) returns int8
  language sql immutable strict parallel safe
  return ('x' || left(encode(sha256(
    convert_to(name, 'UTF8') || '\x00'::bytea || 'exact'::bytea || '\x00'::bytea
      || convert_to(type, 'UTF8') || '\x00'::bytea || convert_to(id::text, 'UTF8')), 'hex'), 16))::bit(64)::int8;

-- Existing consents to all data never displayed these types, so they don't cover them.
update token_family f set denied = f.denied || array['Appointment', 'CarePlan', 'CareTeam', 'Coverage', 'Device',
  'DiagnosticReport', 'ExplanationOfBenefit', 'Goal', 'Media', 'MedicationAdministration', 'MedicationDispense',
  'MedicationStatement', 'Procedure', 'QuestionnaireResponse', 'ServiceRequest', 'Specimen']
  from consent_grant g where g.grant_id = f.grant_id and g.subject = 'record';
