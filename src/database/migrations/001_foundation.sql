-- Up Migration

-- Rules of every table here (they let the database be distributed later without a rewrite): patient data carries the
-- record first in its key; no foreign key between differently keyed tables; nothing newer than PostgreSQL 15's SQL.
create extension if not exists btree_gin;

-- ---------- practices ----------
create table practice (
  practice_id int primary key,
  kind text not null check (kind in ('sandbox', 'live')),
  name text not null unique,
  enabled bool not null default true,   -- its API on or off: off answers `practice-disabled`
  generated text                        -- sandbox only: which version of the generated data it holds
);

-- ---------- the record: one patient at one practice = the compartment = the tenant of each row ----------
create table record (
  record_id bigint primary key check (record_id between 1 and 281474976710655), -- random 48 bits; a collision is minted again
  practice_id int not null,             -- never changes
  patient_id uuid not null,             -- Patient.id, what clients know the record by
  state text not null default 'active' check (state in ('active', 'merged', 'erased')),
  merged_into bigint,
  version bigint not null default 0     -- raised by each intake that changes the record
);
create unique index record_patient on record (patient_id, practice_id); -- a practice has one record of a Patient
create table record_key (               -- who is who: a source's patient ids and MRNs
  practice_id int not null,
  system text collate "C" not null,
  value text collate "C" not null,
  record_id bigint not null,
  primary key (practice_id, system, value)
);
create table demographics (             -- for people (desk, pickers, lists); the API reads Patient
  practice_id int not null,
  record_id bigint not null,
  name text not null,
  birth_date date,
  primary key (practice_id, record_id)
);

create table resource (
  record_id bigint not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,
  last_updated timestamptz not null,
  sort_at timestamptz not null default '-infinity', -- the type's main date; never null: a row-wise keyset loses null rows
  digest bytea not null,                -- of the resource as it came, without meta.versionId and meta.lastUpdated
  dates timestamptz[] not null default '{}',        -- [low, high) of each date parameter, in the order of the type's index table
  flags int8[] not null default '{}',   -- hashed tokens of few values (status, category): filtered, never indexed
  codes int8[] not null default '{}',   -- hashed selective tokens and references: the only GIN
  content text not null,                -- compact JSON, served as it is
  primary key (record_id, type, id)
);
create index resource_id on resource (id); -- for intake alone: whether another record of the practice has it
create index resource_sort on resource (record_id, type, sort_at, id);
create index resource_updated on resource (record_id, type, last_updated, id);
create index resource_codes on resource using gin (record_id, codes) with (fastupdate = off);
create table resource_history (         -- superseded versions
  record_id bigint not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,
  last_updated timestamptz not null,
  content text,
  primary key (record_id, type, id, version)
);
create table projection (               -- the record in another version of FHIR, made when the record changes
  record_id bigint not null,
  name text collate "C" not null,
  type text collate "C" not null,       -- of the stored resource
  id uuid not null,
  maker int not null,                   -- version of the conversion; an older one is made again at start
  content text,                         -- null: hidden in this version of FHIR, by a named rule
  hidden_by text,
  primary key (record_id, name, type, id),
  check ((content is null) = (hidden_by is not null))
);
create index projection_hidden on projection (record_id, name, type, id) where content is null;
create table document (                 -- what DocumentReference.content.attachment points to
  record_id bigint not null,
  id uuid not null,
  resource_id uuid not null,            -- its DocumentReference: who may read that may read this
  content_type text not null,
  bytes bytea not null,
  primary key (record_id, id)
);

-- ---------- shared by a practice's records: the directory ----------
create table shared_resource (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  version int not null,
  last_updated timestamptz not null,
  sort_at timestamptz not null default '-infinity',
  digest bytea not null,
  dates timestamptz[] not null default '{}',
  flags int8[] not null default '{}',
  codes int8[] not null default '{}',
  content text not null,
  primary key (practice_id, type, id)
);

-- ---------- people ----------
create table account (
  account_id uuid primary key,
  username text collate "C" not null unique,        -- folded: lower case, no surrounding space
  display_name text not null,
  password_hash text not null,                      -- argon2id, PHC string
  published bool not null default false,            -- sandbox credentials everyone knows: can't be locked or changed
  created_at timestamptz not null
);
create table representation (           -- whose record an account may open
  account_id uuid not null,
  record_id bigint not null,
  relationship text not null default 'self' check (relationship in ('self', 'representative')),
  primary key (account_id, record_id)
);
create table session (
  hash bytea primary key,               -- SHA-256 of the cookie's value
  session_id uuid not null unique,
  account_id uuid not null,
  signed_in_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_account on session (account_id);
create table throttle (                 -- failures counted against a key, in a window
  key bytea primary key,
  failures int not null,
  window_ends timestamptz not null
);

-- ---------- apps ----------
create table app (
  client_id text collate "C" primary key,
  name text not null,
  state text not null check (state in ('provisional', 'active', 'rejected', 'suspended', 'retired')),
  confidential bool not null,
  apis text[] not null,                 -- r4, dstu2
  scope text not null,
  redirect_uris text[] not null,
  created_at timestamptz not null
);
create table app_secret (
  client_id text collate "C" not null,
  hash bytea not null,                  -- SHA-256: the secret is 256 random bits
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (client_id, hash)
);

-- ---------- consent and tokens ----------
create table consent_grant (            -- what a person lets an app do with one record; one row, the last choice holds
  grant_id uuid primary key,
  account_id uuid not null,
  client_id text collate "C" not null,
  record_id bigint not null,
  denied text[] not null default '{}',  -- types refused at the last consent: taken from every token of the grant
  granted_at timestamptz not null,
  revoked_at timestamptz,
  unique (record_id, account_id, client_id)
);
create table token_family (             -- one authorization and all tokens that come of it; dies as one
  family_id text collate "C" primary key,
  grant_id uuid not null,
  scope text not null,                  -- as granted; never grows
  refresh_seconds int,                  -- life of each refresh token; null: it has none
  session_id uuid,                      -- online_access: lives as long as this session
  created_at timestamptz not null,
  revoked_at timestamptz,
  revoked_for text
);
create index token_family_grant on token_family (grant_id);
create table token (
  family_id text collate "C" not null,
  hash bytea not null,                  -- SHA-256 of the whole token
  kind text not null check (kind in ('code', 'access', 'refresh')),
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  scope text,                           -- narrower than the family's, when a refresh asked for less
  used_at timestamptz,
  successor bytea,                      -- the answer it was exchanged for, encrypted under a key made of the old token
  redirect_uri text,                    -- codes: RFC 6749 §4.1.3
  challenge text,                       -- codes: RFC 7636, S256
  nonce text,                           -- codes: OpenID Connect Core §3.1.2.1
  primary key (family_id, hash)
);
create index token_expiry on token (expires_at);
create table signing_key (
  kid text collate "C" primary key,
  private_jwk jsonb not null,
  created_at timestamptz not null
);

-- ---------- audit: partitions by month are made by the audit room ----------
create table audit_event (
  at timestamptz not null,
  id uuid not null,
  kind text not null,
  outcome text not null check (outcome in ('success', 'failure')),
  request_id text,
  record_id bigint,
  account_id uuid,
  client_id text,
  grant_id uuid,
  type text,                            -- resource type read
  resources int,                        -- how many left the server
  detail jsonb,
  primary key (at, id)
) partition by range (at);
create index audit_event_record on audit_event (record_id, at);
