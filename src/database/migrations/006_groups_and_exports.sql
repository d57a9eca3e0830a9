-- Up Migration

-- ---------- groups of patients of one practice, defined by an administrator (FHIR Group) ----------
create table patient_group (
  group_id uuid primary key,
  practice_id int not null,
  name text not null,
  everyone bool not null default false, -- all patients of the practice at the time of the request
  version int not null default 1,       -- raised by each change
  changed_at timestamptz not null
);
create unique index patient_group_name on patient_group (practice_id, lower(name));
create table patient_group_member (     -- members of a group without `everyone`
  group_id uuid not null,
  record_id bigint not null,
  primary key (group_id, record_id)
);
create index record_practice on record (practice_id, record_id); -- a practice's patients in order

-- ---------- Bulk Data exports: the whole state of a job is here, so any process can continue it ----------
create table export_job (
  job_id uuid primary key,
  client_id text collate "C" not null,
  grant_id uuid not null,               -- grant of the backend app; the job ends with it
  family_id text collate "C" not null,  -- the authorization that started it
  scope text not null,                  -- scope of the token at the start
  practice_ids int[] not null,          -- practices whose data it may contain
  group_id uuid,                        -- null: all patients
  asked jsonb not null,                 -- requested types, filters, elements, since and patients
  request text not null,                -- request URL, for the manifest
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  fault text,                           -- why it failed, for the app
  fault_status int,                     -- and the HTTP status of that error
  requested_at timestamptz not null,
  transaction_at timestamptz,           -- instant of the data; null: not started
  turn uuid,                            -- current worker's turn; writes of any other turn are discarded
  lease_until timestamptz,              -- until then no other worker takes over
  worked_at timestamptz,                -- start of the last turn; the job with the oldest one is next
  attempts int not null default 0,      -- failed attempts since the last progress
  place jsonb,                          -- position: query and its last row
  patients int,                         -- number of patients
  patients_done int not null default 0, -- and how many are done, counted per query of records
  written int8 not null default 0,      -- number of resources
  output jsonb not null default '[]',   -- when done: type, count and bytes of each file
  finished_at timestamptz,
  expires_at timestamptz,
  polled_at timestamptz,
  disclosed_at timestamptz              -- when the disclosure was recorded: at the first download of a file
);
create index export_job_client on export_job (client_id, requested_at);
create index export_job_open on export_job (worked_at) where state in ('waiting', 'running');
create table export_chunk (             -- parts of a file, ordered by `ordinal`
  job_id uuid not null,
  type text collate "C" not null,
  ordinal int not null,
  lines int not null,
  bytes int not null,                   -- size as NDJSON
  records jsonb not null,               -- number of lines per record
  content bytea not null,               -- zstd
  primary key (job_id, type, ordinal)
);
alter table export_chunk alter content set storage external;
