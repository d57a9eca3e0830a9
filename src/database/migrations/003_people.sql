-- Up Migration

-- ---------- practices ----------
alter table practice
  add phone text,
  add email text,
  add website text,
  add address text,
  add color text check (color ~ '^#[0-9a-f]{6}$'),
  add logo bytea,                       -- PNG, JPEG or WebP: nothing that can run script
  add logo_type text,
  add time_zone text not null default 'America/New_York', -- IANA: how times are told to people
  add shut bool not null default false; -- by the operator, with SANDBOX=off: opens again without it
update practice set shut = true where kind = 'sandbox' and not enabled;
alter table demographics                -- what the desk finds people by; null: an older version wrote the row, and it is made anew at start
  add family text,
  add folded text,                      -- name without case and accents
  add sorted text collate "C",           -- family name, then given names: how a list of people is in order
  add numbers text[] not null default '{}'; -- identifiers of the patient, such as the MRN, as they are compared
create index demographics_birth on demographics (practice_id, birth_date);
create index demographics_numbers on demographics using gin (practice_id, numbers);
create index representation_record on representation (record_id); -- who may open a record

-- ---------- people ----------
alter table account
  alter password_hash drop not null,    -- none: signs in with a passkey
  add email text collate "C",           -- folded, and always one that the person has answered from
  add language text not null default 'en' check (language in ('en', 'es')),
  add administrator bool not null default false, -- of the whole installation: makes practices and staff, sees no patient by it
  add closed_at timestamptz;            -- by the person; its rows stay for the trail
create unique index account_email on account (email);
alter table representation
  add began_at timestamptz;              -- null: before that was kept
alter table representation alter began_at set default now();
alter table staff
  alter practitioner_id drop not null,  -- who is nobody in the directory launches no app
  add roles text[] not null default '{clinician}'
    check (roles <@ '{clinician,front-desk,privacy-officer,administrator}');
alter table session
  add stage text not null default 'full' check (stage in ('full', 'second-factor', 'set-up')), -- anything but full opens the next step of signing in alone
  add proved_at timestamptz,            -- when the person last showed that it is them: acts on the account ask for it anew
  add device text,                      -- as the person is told of it: "Firefox on Android"
  add browser bytea;                    -- SHA-256 of the cookie that tells a browser apart
create table passkey (
  credential_id bytea primary key,
  account_id uuid not null,
  handle bytea not null,                -- WebAuthn §5.4.3, user.id: what the authenticator keeps it under
  public_key bytea not null,            -- COSE
  counter int8 not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_account on passkey (account_id);
create table passkey_challenge (        -- WebAuthn §13.4.3: each good once
  hash bytea primary key,
  account_id uuid,                      -- null: to sign in, whoever it is, or for an account that is being made
  handle bytea,                         -- of the passkey that is being made; null: to use one
  expires_at timestamptz not null
);
create table totp (                     -- RFC 6238
  account_id uuid primary key,
  secret bytea,                         -- null: being set up for the first time
  pending bytea,                        -- the next one, until a code of it was shown
  pending_by uuid,                      -- session that it is shown to, and no other
  confirmed_at timestamptz,             -- of the secret
  last_step int8 not null default 0     -- of the last code that was taken: none is good twice
);
create table recovery_code (
  account_id uuid not null,
  hash bytea not null,
  used_at timestamptz,
  primary key (account_id, hash)
);
create table account_link (             -- sent by mail, or given by the desk: opens one act, once
  hash bytea primary key,               -- SHA-256
  account_id uuid not null,
  purpose text not null check (purpose in ('reset-password', 'change-email', 'lost-factor')),
  email text collate "C",               -- change-email: the new one
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_link_account on account_link (account_id);
create table known_browser (            -- where an account was signed in before: elsewhere its person is told
  account_id uuid not null,
  browser bytea not null,
  seen_at timestamptz not null,
  primary key (account_id, browser)
);

-- ---------- enrollment ----------
create table invitation (
  invitation_id uuid primary key,
  kind text not null check (kind in ('patient', 'representative', 'staff', 'administrator')),
  practice_id int,                      -- null: an administrator of the installation
  record_id bigint,                     -- patient, representative
  related_person_id uuid,               -- representative: who it is, in the record
  name text not null,
  email text collate "C",               -- where it was sent; null: a letter, or a link handed over
  roles text[] not null default '{}',   -- staff
  practitioner_id uuid,                 -- staff
  hash bytea not null unique,           -- SHA-256 of the link's token or the letter's code
  code_hash bytea,                      -- SHA-256 of what is told on another way
  code_by text check (code_by in ('in-person', 'phone', 'contact')),
  code_expires_at timestamptz,
  failures int not null default 0,      -- wrong answers: after a few it is over
  wrong_hash bytea,                     -- SHA-256 of the last of them: a form that is sent twice is one
  language text not null default 'en',
  created_by uuid,                      -- account; null: the command line
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid,                         -- account that came of it
  cancelled_at timestamptz,
  declined_at timestamptz,              -- by whoever has it; it is good again when they think better of it
  step_hash bytea,                      -- SHA-256 of what the browser holds that gave the right answers
  step_expires_at timestamptz,
  step_answers jsonb,                   -- username, address and language that were chosen on the way
  check ((kind in ('patient', 'representative')) = (record_id is not null))
);
create index invitation_record on invitation (record_id, created_at);
create index invitation_practice on invitation (practice_id, created_at);
create index invitation_email on invitation (email) where used_at is null and cancelled_at is null;
create table enrollment_declined (      -- the patient wants no account; they may say otherwise later
  record_id bigint primary key,
  practice_id int not null,
  at timestamptz not null,
  reason text not null
);
create table bulk_invitation (
  bulk_id uuid primary key,
  practice_id int not null,
  created_by uuid not null,
  browser bytea,                        -- published accounts: the browser it was given in sees it, and no other
  created_at timestamptz not null,
  finished_at timestamptz
);
create table bulk_invitation_row (
  bulk_id uuid not null,
  line int not null,                    -- of the file
  given jsonb not null,                 -- as it was there
  record_id bigint,
  invitation_id uuid,
  outcome text check (outcome in ('invited', 'refused')), -- null: not looked at yet
  reason text,
  primary key (bulk_id, line)
);
create index bulk_invitation_row_waiting on bulk_invitation_row (bulk_id, line) where outcome is null;
create index bulk_invitation_unfinished on bulk_invitation (created_at) where finished_at is null;

-- ---------- apps and consent ----------
alter table app
  add developer text,                   -- who makes it
  add verified_at timestamptz,          -- when an administrator made sure of that
  add data_use jsonb not null default '{}'; -- its answers on what it does with data, by question
alter table consent_grant
  add asked text[] not null default '{}', -- lines of the last page: what is not among them is new
  add last_duration text,               -- as it was chosen last; null: never asked
  add last_offline bool;
alter table token_family
  add browser bytea,                    -- published accounts: the browser it was allowed in sees it, and no other
  add labels text[] not null default '{}'; -- sensitive labels that the person ticked: what has another one is not seen
create table receipt (                  -- what a person agreed to, as they were told
  receipt_id uuid primary key,
  account_id uuid not null,
  grant_id uuid not null,
  family_id text collate "C" not null,
  at timestamptz not null,
  wording text not null,                -- version of the page's words
  language text not null,
  content text not null,
  hash bytea not null,                  -- SHA-256 of the content
  browser bytea,                        -- published accounts: as in token_family
  asked text[] not null,                -- lines of the page, what was left out then or before, and the rest of the choice
  unticked text[] not null,
  duration text not null,
  offline bool,                         -- null: not asked
  form bytea                            -- SHA-256 of the form and its session: sent again at once, it is the same agreement
);
create index receipt_account on receipt (account_id, at);
create index receipt_grant on receipt (grant_id, at);

-- ---------- search index: made anew at start where an older version of it wrote the row ----------
alter table resource add indexed_by int not null default 0;
alter table shared_resource add indexed_by int not null default 0;
create index resource_stale on resource (record_id) where indexed_by < 1;

-- ---------- mail: kept until it is sent, tried again when it can't be ----------
create table mail (
  mail_id uuid primary key,
  recipient text not null,
  sender_name text not null,
  reply_to text,
  subject text not null,
  content text,                         -- null once it is sent: it may hold a link that is good
  outbox bool not null,                 -- stays here to be read, and is never sent
  created_at timestamptz not null,
  next_at timestamptz not null,
  attempts int not null default 0,
  sent_at timestamptz,
  failed_at timestamptz,                -- given up
  fault text
);
create index mail_due on mail (next_at) where sent_at is null and failed_at is null and not outbox;
create index mail_created on mail (created_at);

-- ---------- audit ----------
alter table audit_event add family_id text; -- the authorization that it was read by
create index audit_event_client on audit_event (client_id, at);
