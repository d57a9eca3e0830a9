-- Up Migration

-- Rules for all tables, which keep it possible to distribute the database later: the key of patient data starts with
-- the record id; there are no foreign keys between tables with different key prefixes; and only SQL of PostgreSQL 15 is
-- used.
create extension if not exists btree_gin;

-- ---------- practices ----------
create table practice (
  practice_id int primary key,
  kind text not null check (kind in ('sandbox', 'live')),
  name text not null unique,
  enabled bool not null default true,   -- whether the API is on; otherwise it answers `practice-disabled`
  generated text                        -- sandbox only: version of the generated data
);

-- ---------- patient records: one patient at one practice, the compartment and tenant of each row ----------
create table record (
  record_id bigint primary key check (record_id between 1 and 281474976710655), -- random 48 bits; a collision is generated again
  practice_id int not null,             -- never changes
  patient_id uuid not null,             -- Patient.id, by which clients know the record
  state text not null default 'active' check (state in ('active', 'merged', 'erased')),
  merged_into bigint,
  version bigint not null default 0     -- raised by each import that changes the record
);
create unique index record_patient on record (patient_id, practice_id); -- a practice has one record per Patient.id
create table record_key (               -- maps a source's patient ids and MRNs to records
  practice_id int not null,
  system text collate "C" not null,
  value text collate "C" not null,
  record_id bigint not null,
  primary key (practice_id, system, value)
);
create table demographics (             -- for pages (practice portal, pickers, lists); the API serves the Patient resource
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
  sort_at timestamptz not null default '-infinity', -- the type's main date; never null, because a row-wise keyset would skip null rows
  digest bytea not null,                -- digest of the resource as received, without meta.versionId and meta.lastUpdated
  dates timestamptz[] not null default '{}',        -- [low, high) of each date parameter, in the order of the type's index table
  flags int8[] not null default '{}',   -- hashed tokens with few values (status, category): filtered, not indexed
  codes int8[] not null default '{}',   -- hashed selective tokens and references: the only GIN index
  content text not null,                -- compact JSON, served unchanged
  primary key (record_id, type, id)
);
create index resource_id on resource (id); -- for imports only: does another record of the practice have this id?
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
create table projection (               -- the record in another FHIR version, converted when the record changes
  record_id bigint not null,
  name text collate "C" not null,
  type text collate "C" not null,       -- type of the stored resource
  id uuid not null,
  maker int not null,                   -- converter version; older rows are converted again at start
  content text,                         -- null: hidden in this FHIR version, by the rule named in hidden_by
  hidden_by text,
  primary key (record_id, name, type, id),
  check ((content is null) = (hidden_by is not null))
);
create index projection_hidden on projection (record_id, name, type, id) where content is null;
create table document (                 -- targets of DocumentReference.content.attachment
  record_id bigint not null,
  id uuid not null,
  resource_id uuid not null,            -- the DocumentReference; whoever may read it may read this document
  content_type text not null,
  bytes bytea not null,
  primary key (record_id, id)
);

-- ---------- directory resources of a practice, which its records share ----------
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

-- ---------- accounts ----------
create table account (
  account_id uuid primary key,
  username text collate "C" not null unique,        -- normalized: lowercase, no surrounding space
  display_name text not null,
  password_hash text not null,                      -- argon2id, PHC string
  published bool not null default false,            -- shared sandbox account with a public password: can't be locked or changed
  created_at timestamptz not null
);
create table representation (           -- records that an account may open
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
create table throttle (                 -- failures per key within a time window
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
  hash bytea not null,                  -- SHA-256; the secret has 256 random bits
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (client_id, hash)
);

-- ---------- consent and tokens ----------
create table consent_grant (            -- what a person allows an app to do with one record; one row, updated by each consent
  grant_id uuid primary key,
  account_id uuid not null,
  client_id text collate "C" not null,
  record_id bigint not null,
  denied text[] not null default '{}',  -- types declined at the last consent, removed from every token of the grant
  granted_at timestamptz not null,
  revoked_at timestamptz,
  unique (record_id, account_id, client_id)
);
create table token_family (             -- one authorization with all of its tokens; it ends as a whole
  family_id text collate "C" primary key,
  grant_id uuid not null,
  scope text not null,                  -- as granted; never grows
  refresh_seconds int,                  -- lifetime of each refresh token; null: there are none
  session_id uuid,                      -- online_access: ends with this session
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
  scope text,                           -- set if a refresh requested less than the family's scope
  used_at timestamptz,
  successor bytea,                      -- the response it was exchanged for, encrypted with a key derived from the old token
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

-- ---------- audit log: the audit module creates monthly partitions ----------
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
  type text,                            -- type of the resources read
  resources int,                        -- number of resources sent
  detail jsonb,
  primary key (at, id)
) partition by range (at);
create index audit_event_record on audit_event (record_id, at);
