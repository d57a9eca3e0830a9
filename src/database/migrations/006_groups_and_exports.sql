-- Up Migration

-- ---------- groups: patients of one practice, put together by an administrator (FHIR Group) ----------
create table patient_group (
  group_id uuid primary key,
  practice_id int not null,
  name text not null,
  everyone bool not null default false, -- all patients of the practice, whoever they are when it is asked
  version int not null default 1,       -- raised by each change
  changed_at timestamptz not null
);
create unique index patient_group_name on patient_group (practice_id, lower(name));
create table patient_group_member (     -- of a group that does not have everyone
  group_id uuid not null,
  record_id bigint not null,
  primary key (group_id, record_id)
);
create index record_practice on record (practice_id, record_id); -- a practice's patients in their order

-- ---------- Bulk Data exports: all that is known of a job is here, so any process may go on with it ----------
create table export_job (
  job_id uuid primary key,
  client_id text collate "C" not null,
  grant_id uuid not null,               -- of the backend app: ended, the job ends
  family_id text collate "C" not null,  -- the authorization that it was started by
  scope text not null,                  -- as the token had it at the start
  practice_ids int[] not null,          -- whose data it may hold
  group_id uuid,                        -- null: of all patients
  asked jsonb not null,                 -- types, filters, elements, since, patients
  request text not null,                -- address it was started at, for the manifest
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  fault text,                           -- why it failed, for the app …
  fault_status int,                     -- … and as which status of HTTP
  requested_at timestamptz not null,
  transaction_at timestamptz,           -- the instant whose data it holds; null: not begun
  turn uuid,                            -- who works on it: another turn writes nothing
  lease_until timestamptz,              -- until then nobody else takes it over
  worked_at timestamptz,                -- when its last turn began: jobs take turns
  attempts int not null default 0,      -- that failed since the last progress
  place jsonb,                          -- how far it has come: which query, and the last row of it
  patients int,                         -- how many there are …
  patients_done int not null default 0, -- … and are done, once for each query of records
  written int8 not null default 0,      -- resources
  output jsonb not null default '[]',   -- when done: type, count and bytes of each file
  finished_at timestamptz,
  expires_at timestamptz,
  polled_at timestamptz,
  disclosed_at timestamptz              -- when patients were told: with the first file that was fetched
);
create index export_job_client on export_job (client_id, requested_at);
create index export_job_open on export_job (worked_at) where state in ('waiting', 'running');
create table export_chunk (             -- a piece of a file, in the order of `ordinal`
  job_id uuid not null,
  type text collate "C" not null,
  ordinal int not null,
  lines int not null,
  bytes int not null,                   -- as NDJSON
  records jsonb not null,               -- how many lines are of which record
  content bytea not null,               -- zstd
  primary key (job_id, type, ordinal)
);
alter table export_chunk alter content set storage external;
