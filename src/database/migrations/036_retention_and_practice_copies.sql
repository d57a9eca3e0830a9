-- Up Migration

-- ---------- cleanup tasks that look for old rows every hour ----------
create index account_closed on account (closed_at) where closed_at is not null;
create index invitation_expiry on invitation (expires_at) where declined_at is null;

-- ---------- practices that came from another installation, or were removed ----------
create table practice_import (          -- the server's role can only append and read
  import_id uuid primary key,
  practice_id int not null,
  imported_at timestamptz not null,
  manifest_digest bytea not null,       -- SHA-256 of the export's manifest
  events bigint not null,               -- audit events that were added
  events_digest bytea not null          -- SHA-256 of their lines, in the canonical form of the archive
);
create table removed_practice (         -- its id is never given to another practice, because the audit log names it
  practice_id int primary key,
  name text not null,
  removed_at timestamptz not null
);

-- Events of a practice from the audit log of the installation that it came from. They can't be added to sealed days of
-- this installation's log. The server's role can only append and read.
create table imported_audit_event (
  at timestamptz not null,
  id uuid not null,
  kind text not null,
  outcome text not null check (outcome in ('success', 'failure')),
  request_id text,
  record_id bigint,
  account_id uuid,
  client_id text,
  grant_id uuid,
  type text,
  resources int,
  detail jsonb,
  family_id text,
  import_id uuid not null,
  primary key (at, id)
);
create index imported_audit_event_record on imported_audit_event (record_id, at);
create index imported_audit_event_client on imported_audit_event (client_id, at);

-- All events, for what patients and practices see of past access.
create view recorded_event as
  select at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail, family_id
    from audit_event
  union all
  select at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail, family_id
    from imported_audit_event;
