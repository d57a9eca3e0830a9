-- Up Migration

-- ---------- search at the depth of FHIR R4 and US Core ----------
alter table resource add extra jsonb;            -- strings, quantities, the words of tokens: filtered, never looked up
alter table shared_resource add extra jsonb;
drop index resource_stale;
create index resource_stale on resource (record_id) where indexed_by < 3;

-- A superseded version is shown under the same conditions as the resource, and so keeps what these are asked of.
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

-- The token of a reference to `type/id` under a parameter's name, as src/fhir/store/token-hash.ts makes it: the first eight
-- bytes of SHA-256, for chains, where PostgreSQL finds what is referred to.
create function reference_token(name text, type text, id uuid) returns int8
  language sql immutable strict parallel safe
  return ('x' || left(encode(sha256(
    convert_to(name, 'UTF8') || '\x00'::bytea || 'exact'::bytea || '\x00'::bytea
      || convert_to(type, 'UTF8') || '\x00'::bytea || convert_to(id::text, 'UTF8')), 'hex'), 16))::bit(64)::int8;

-- Whoever let an app see everything had no line about these on their page: what was given stays what it was.
update token_family f set denied = f.denied || array['Appointment', 'CarePlan', 'CareTeam', 'Coverage', 'Device',
  'DiagnosticReport', 'ExplanationOfBenefit', 'Goal', 'Media', 'MedicationAdministration', 'MedicationDispense',
  'MedicationStatement', 'Procedure', 'QuestionnaireResponse', 'ServiceRequest', 'Specimen']
  from consent_grant g where g.grant_id = f.grant_id and g.subject = 'record';
