-- Up Migration

-- ---------- app gallery ----------
alter table app
  add category text check (category in ('records', 'medicines', 'fitness', 'conditions', 'family', 'research', 'insurance')), -- in the gallery; null: none chosen
  add errors_warned_at timestamptz;     -- when its developers were last warned of more errors than usual

-- ---------- notifications of developers ----------
create table notification (             -- something that changed about an app, for the members of its organization
  notification_id uuid primary key,
  organisation_id uuid not null,
  client_id text collate "C" not null,
  kind text not null check (kind in ('verified', 'approved', 'rejected', 'asked', 'suspended', 'resumed', 'retired', 'secret-expiring', 'errors-rising')),
  at timestamptz not null,
  detail jsonb not null default '{}'    -- no secret, patient or token
);
create index notification_organisation on notification (organisation_id, at desc, notification_id desc);
create index notification_at on notification (at);
create table notification_read (        -- a notification that a member has read
  account_id uuid not null,
  notification_id uuid not null references notification on delete cascade,
  read_at timestamptz not null,
  primary key (account_id, notification_id)
);
create index notification_read_notification on notification_read (notification_id);
create table notification_email_off (   -- a kind of email that a developer turned off
  account_id uuid not null,
  topic text not null check (topic in ('review', 'secrets', 'errors')),
  primary key (account_id, topic)
);
