-- Up Migration

-- ---------- practices ----------
alter table practice
  add phone text,
  add email text,
  add website text,
  add address text,
  add color text check (color ~ '^#[0-9a-f]{6}$'),
  add logo bytea,                       -- PNG, JPEG or WebP, which can't contain scripts
  add logo_type text,
  add time_zone text not null default 'America/New_York', -- IANA name, for displayed times
  add shut bool not null default false; -- closed by the operator with SANDBOX=off; opens again without it
update practice set shut = true where kind = 'sandbox' and not enabled;
alter table demographics                -- for patient search; null: written by an older version, and filled in at start
  add family text,
  add folded text,                      -- name without case and accents
  add sorted text collate "C",           -- family name, then given names: sort key of lists
  add numbers text[] not null default '{}'; -- normalized identifiers of the patient, such as the MRN
create index demographics_birth on demographics (practice_id, birth_date);
create index demographics_numbers on demographics using gin (practice_id, numbers);
create index representation_record on representation (record_id); -- who may open a record

-- ---------- identity ----------
alter table account
  alter password_hash drop not null,    -- null: signs in with a passkey
  add email text collate "C",           -- normalized and confirmed
  add language text not null default 'en' check (language in ('en', 'es')),
  add administrator bool not null default false, -- of the whole installation: manages practices and staff, sees no patients
  add closed_at timestamptz;            -- closed by its owner; the row stays for the audit log
create unique index account_email on account (email);
alter table representation
  add began_at timestamptz;              -- null: began before this was recorded
alter table representation alter began_at set default now();
alter table staff
  alter practitioner_id drop not null,  -- null: not in the directory, can't launch apps
  add roles text[] not null default '{clinician}'
    check (roles <@ '{clinician,front-desk,privacy-officer,administrator}');
alter table session
  add stage text not null default 'full' check (stage in ('full', 'second-factor', 'set-up')), -- only `full` is signed in; other stages open the next sign-in step only
  add proved_at timestamptz,            -- last authentication; changes of the account require a recent one
  add device text,                      -- as displayed to the owner: "Firefox on Android"
  add browser bytea;                    -- SHA-256 of the browser's cookie
create table passkey (
  credential_id bytea primary key,
  account_id uuid not null,
  handle bytea not null,                -- WebAuthn §5.4.3, user.id
  public_key bytea not null,            -- COSE
  counter int8 not null,
  transports text[] not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_account on passkey (account_id);
create table passkey_challenge (        -- WebAuthn §13.4.3: each is valid once
  hash bytea primary key,
  account_id uuid,                      -- null: for any account, or for one that is being created
  handle bytea,                         -- of the passkey being created; null: to use a passkey
  expires_at timestamptz not null
);
create table totp (                     -- RFC 6238
  account_id uuid primary key,
  secret bytea,                         -- null: first setup not completed
  pending bytea,                        -- next secret, until a code of it is confirmed
  pending_by uuid,                      -- only session that may see the pending secret
  confirmed_at timestamptz,             -- when the secret was confirmed
  last_step int8 not null default 0     -- time step of the last accepted code; no code is accepted twice
);
create table recovery_code (
  account_id uuid not null,
  hash bytea not null,
  used_at timestamptz,
  primary key (account_id, hash)
);
create table account_link (             -- emailed, or given by staff: allows one action, once
  hash bytea primary key,               -- SHA-256
  account_id uuid not null,
  purpose text not null check (purpose in ('reset-password', 'change-email', 'lost-factor')),
  email text collate "C",               -- change-email: the new address
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_link_account on account_link (account_id);
create table known_browser (            -- browsers used before; the owner is informed about sign-in from another one
  account_id uuid not null,
  browser bytea not null,
  seen_at timestamptz not null,
  primary key (account_id, browser)
);

-- ---------- enrollment ----------
create table invitation (
  invitation_id uuid primary key,
  kind text not null check (kind in ('patient', 'representative', 'staff', 'administrator')),
  practice_id int,                      -- null: for an administrator of the installation
  record_id bigint,                     -- for patients and representatives
  related_person_id uuid,               -- for representatives: their RelatedPerson in the record
  name text not null,
  email text collate "C",               -- recipient; null: a letter, or a link handed over
  roles text[] not null default '{}',   -- for staff
  practitioner_id uuid,                 -- for staff
  hash bytea not null unique,           -- SHA-256 of the link's token or the letter's code
  code_hash bytea,                      -- SHA-256 of the verification code, sent by another channel
  code_by text check (code_by in ('in-person', 'phone', 'contact')),
  code_expires_at timestamptz,
  failures int not null default 0,      -- number of wrong answers; the invitation fails after a few
  wrong_hash bytea,                     -- SHA-256 of the last wrong answer: repeating it isn't counted
  language text not null default 'en',
  created_by uuid,                      -- null: the command line
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid,                         -- account created or extended with it
  cancelled_at timestamptz,
  declined_at timestamptz,              -- declined by the recipient, who can change their mind
  step_hash bytea,                      -- SHA-256 of the cookie of the browser that gave the correct answers
  step_expires_at timestamptz,
  step_answers jsonb,                   -- username, address and language chosen so far
  check ((kind in ('patient', 'representative')) = (record_id is not null))
);
create index invitation_record on invitation (record_id, created_at);
create index invitation_practice on invitation (practice_id, created_at);
create index invitation_email on invitation (email) where used_at is null and cancelled_at is null;
create table enrollment_declined (      -- patients who declined an account; this can be withdrawn
  record_id bigint primary key,
  practice_id int not null,
  at timestamptz not null,
  reason text not null
);
create table bulk_invitation (
  bulk_id uuid primary key,
  practice_id int not null,
  created_by uuid not null,
  browser bytea,                        -- shared sandbox accounts: only this browser sees the file
  created_at timestamptz not null,
  finished_at timestamptz
);
create table bulk_invitation_row (
  bulk_id uuid not null,
  line int not null,                    -- line number in the file
  given jsonb not null,                 -- values of the row
  record_id bigint,
  invitation_id uuid,
  outcome text check (outcome in ('invited', 'refused')), -- null: pending
  reason text,
  primary key (bulk_id, line)
);
create index bulk_invitation_row_waiting on bulk_invitation_row (bulk_id, line) where outcome is null;
create index bulk_invitation_unfinished on bulk_invitation (created_at) where finished_at is null;

-- ---------- apps and consent ----------
alter table app
  add developer text,                   -- name of the developer
  add verified_at timestamptz,          -- when an administrator verified the developer
  add data_use jsonb not null default '{}'; -- declared answers about data use, by question
alter table consent_grant
  add asked text[] not null default '{}', -- items of the last consent page; any other item is new
  add last_duration text,               -- as last chosen; null: never asked
  add last_offline bool;
alter table token_family
  add browser bytea,                    -- shared sandbox accounts: only this browser sees the authorization
  add labels text[] not null default '{}'; -- sensitive labels that the person checked; data with any other label is hidden
create table receipt (                  -- what a person agreed to, as it was displayed
  receipt_id uuid primary key,
  account_id uuid not null,
  grant_id uuid not null,
  family_id text collate "C" not null,
  at timestamptz not null,
  wording text not null,                -- version of the consent page's text
  language text not null,
  content text not null,
  hash bytea not null,                  -- SHA-256 of the content
  browser bytea,                        -- shared sandbox accounts: as in token_family
  asked text[] not null,                -- items of the page, including those declined now or before
  unticked text[] not null,
  duration text not null,
  offline bool,                         -- null: not requested
  form bytea                            -- SHA-256 of the form and its session: sent again at once, it is the same consent
);
create index receipt_account on receipt (account_id, at);
create index receipt_grant on receipt (grant_id, at);

-- ---------- search index: rows of an older index version are indexed again at start ----------
alter table resource add indexed_by int not null default 0;
alter table shared_resource add indexed_by int not null default 0;
create index resource_stale on resource (record_id) where indexed_by < 1;

-- ---------- email: queued until it is sent, with retries ----------
create table mail (
  mail_id uuid primary key,
  recipient text not null,
  sender_name text not null,
  reply_to text,
  subject text not null,
  content text,                         -- null once sent, because it may contain a valid link
  outbox bool not null,                 -- stays here for display and is never sent
  created_at timestamptz not null,
  next_at timestamptz not null,
  attempts int not null default 0,
  sent_at timestamptz,
  failed_at timestamptz,                -- no more retries
  fault text
);
create index mail_due on mail (next_at) where sent_at is null and failed_at is null and not outbox;
create index mail_created on mail (created_at);

-- ---------- audit ----------
alter table audit_event add family_id text; -- the authorization that was used
create index audit_event_client on audit_event (client_id, at);
