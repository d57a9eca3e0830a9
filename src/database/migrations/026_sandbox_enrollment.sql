-- Up Migration

-- Sandbox patients without a shared account, with whom visitors try enrollment. Each returns to its start within an
-- hour after a change.
create table sandbox_enrollment (
  record_id bigint primary key,
  practice_id int not null,
  persona text collate "C" not null unique, -- key of the scenario, which says how the patient starts
  letter_hash bytea unique,             -- SHA-256 of the published letter code; null: starts without a letter
  account_id uuid,                      -- the locked account of the start; null: starts without an account
  changed_at timestamptz                -- when a visitor changed the patient; null: is as at the start
);

-- Emails to sandbox patients that a user of a shared sandbox account caused. They are in the outbox, and that user
-- reads them in the practice portal.
create table sandbox_email (
  mail_id uuid primary key,
  invitation_id uuid not null,
  browser bytea not null,               -- SHA-256 of the cookie of the browser in which it was caused
  created_at timestamptz not null
);
create index sandbox_email_invitation on sandbox_email (invitation_id);
