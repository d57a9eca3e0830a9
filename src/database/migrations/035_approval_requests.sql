-- Up Migration

-- What an administrator asked another administrator to approve. The request has the exact parameters with which the
-- action runs, and a digest of them. Rows are deleted some months after they expire; the audit log keeps the events.
create table approval_request (
  approval_request_id uuid primary key,
  action text not null,
  subject text not null,                -- what the action is about, as administrators read it
  parameters jsonb not null,
  reason text not null,                 -- as entered; may be empty
  digest bytea not null,                -- SHA-256 of action, subject, parameters and reason
  requested_by uuid not null,
  requester text not null,              -- name at that time
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  decision text check (decision in ('approved', 'rejected', 'withdrawn')),
  decided_by uuid,
  decider text,
  decided_at timestamptz,
  check ((decision is null) = (decided_at is null)),
  check ((decision is null) = (decided_by is null)),
  check (decision <> 'approved' or decided_by <> requested_by)
);
create index approval_request_pending on approval_request (expires_at) where decision is null;
create index approval_request_recent on approval_request (requested_at);
