-- Up Migration

-- ---------- developers ----------
alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check check (kind in ('patient', 'staff', 'developer'));
-- Whoever makes apps is a patient somewhere too, with the same address: each account has it once.
drop index account_email;
create unique index account_email on account (email, (kind = 'developer'));
create table organisation (             -- who makes apps
  organisation_id uuid primary key,
  name text not null,
  domain text collate "C" unique,       -- whose addresses are its people's; null: its founder wrote from a public mail provider
  website text,
  created_at timestamptz not null,
  verified_at timestamptz,              -- when an administrator made sure who it is
  verified_by uuid
);
create table membership (
  organisation_id uuid not null,
  account_id uuid not null,
  role text not null check (role in ('administrator', 'developer', 'reader')),
  joined_at timestamptz not null,
  primary key (organisation_id, account_id)
);
create index membership_account on membership (account_id);
create table join_request (             -- somebody of an organisation's domain asks to be let in
  organisation_id uuid not null,
  account_id uuid not null,
  asked_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  accepted bool,
  primary key (organisation_id, account_id)
);
create table sign_up (                  -- a link by mail that makes a developer's account, once
  hash bytea primary key,               -- SHA-256
  sign_up_id uuid not null unique,
  email text collate "C" not null,      -- folded; who has the link has answered from it
  language text not null check (language in ('en', 'es')),
  organisation_id uuid,                 -- invited to it; null: by the address's domain
  role text check (role in ('administrator', 'developer', 'reader')),
  invited_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  account_id uuid                       -- that came of it
);
create index sign_up_email on sign_up (email);
create index sign_up_organisation on sign_up (organisation_id) where organisation_id is not null;

-- ---------- apps ----------
alter table app
  add organisation_id uuid,             -- null: an operator registered it, or it registered itself
  add description text,
  add logo bytea,                       -- PNG, JPEG or WebP: nothing that can run script
  add logo_type text,
  add logo_version text,                -- part of its SHA-256: changes with it
  add listed bool not null default false, -- in the public gallery, once it is active
  add first_call_at timestamptz,        -- first answer with data that it got
  add pseudonym_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()); -- 244 random bits: what patients are called to its developer
create index app_organisation on app (organisation_id, created_at);
alter table app_secret
  add secret_id uuid not null default gen_random_uuid() unique,
  add name text not null default 'Secret',
  add warned_at timestamptz;            -- that it is about to expire
create table app_version (              -- what was asked to be approved; what works is what stands in app
  client_id text collate "C" not null,
  version int not null,
  terms jsonb not null,
  logo bytea,
  logo_type text,
  state text not null check (state in ('waiting', 'verified', 'approved', 'rejected', 'withdrawn', 'replaced')),
  submitted_by uuid,                    -- account; null: an operator
  submitted_at timestamptz not null,
  verify_by timestamptz not null,       -- 10 business days: 45 CFR 170.404(b)(1)(i)
  verified_at timestamptz,
  verified_by uuid,
  enable_by timestamptz,                -- 5 business days more: 45 CFR 170.404(b)(1)(ii)
  asked_at timestamptz,                 -- a question waits for the developer's answer
  question text,
  approved_first_at timestamptz,        -- of two who have to
  approved_first_by uuid,
  decided_at timestamptz,
  decided_by uuid,
  reason text,                          -- as the developer is told
  warned_at timestamptz,                -- administrators, that a clock is about to run out
  primary key (client_id, version)
);
create unique index app_version_open on app_version (client_id) where state in ('waiting', 'verified');
create index app_version_submitted on app_version (submitted_at);
create view app_maker as               -- who makes an app, and since when somebody made sure of it: of its organisation, if it has one,
  select a.client_id, coalesce(o.name, a.developer) as developer, -- or of the app, where it holds for the name it was said of
    coalesce(o.verified_at, case when o.name is null or o.name = a.developer then a.verified_at end) as verified_at
  from app a left join organisation o on o.organisation_id = a.organisation_id;
create table app_event (                -- what became of an app, for its developers
  client_id text collate "C" not null,
  at timestamptz not null,
  id uuid not null,
  kind text not null,
  by_side text not null check (by_side in ('developer', 'operator', 'server')),
  account_id uuid,
  version int,
  detail jsonb not null default '{}',
  primary key (client_id, at, id)
);
create table review_note (              -- between administrators
  client_id text collate "C" not null,
  note_id uuid primary key,
  at timestamptz not null,
  account_id uuid not null,
  content text not null
);
create index review_note_client on review_note (client_id, at);

-- ---------- what apps asked for: for their developers ----------
create table app_request (              -- each request of an app and what came of it: no health data, no value, no token
  client_id text collate "C" not null,
  at timestamptz not null,
  id uuid not null,
  endpoint text not null,               -- authorize, token, fhir-r4, …
  interaction text,                     -- FHIR: read, search, document
  type text,                            -- FHIR: resource type, as the version names it
  parameters text[] not null default '{}', -- names alone, of our own tables
  others int not null default 0,        -- how many parameters had other names
  pseudonym text,                       -- of the patient, for this app alone; null: of several, or of none
  patient uuid,                         -- of a sandbox practice: which test patient
  patients int not null default 0,      -- whose data left
  live bool not null default false,     -- a live practice's patient: nothing but the pseudonym is kept
  resources int,
  status int,                           -- null: not known, from an older version
  error text,
  cause text,
  request_id text not null,
  milliseconds int,
  primary key (client_id, at, id)
);
insert into app_request (client_id, at, id, endpoint, error, cause, request_id)
  select client_id, at, id, endpoint, error, cause, request_id from app_log;
drop table app_log;
create table app_usage (                -- counted by the hour; no person
  client_id text collate "C" not null,
  hour timestamptz not null,
  measure text not null,                -- call, type, error, funnel, patients, lost
  name text not null default '',        -- of the type, the error or the step
  count bigint not null,
  primary key (client_id, hour, measure, name)
);
create table app_usage_patient (        -- whom an app has read today, by pseudonym; becomes a count when the day is over
  client_id text collate "C" not null,
  day date not null,
  pseudonym text collate "C" not null,
  primary key (client_id, day, pseudonym)
);
create table app_first_data (           -- authorizations that data was read by: each counts once
  family_id text collate "C" primary key,
  at timestamptz not null
);

-- ---------- public pages ----------
create table practice_brand (           -- what apps are told of a practice beside what its patients are
  practice_id int primary key,
  npi text check (npi ~ '^[0-9]{10}$'),
  category text not null default 'prov',
  aliases text[] not null default '{}',
  locations text[] not null default '{}', -- beside the practice's address
  part_of int                           -- the practice whose portal it shares
);
create table brands_version (           -- each published User-access Brands bundle
  version int primary key,
  published_at timestamptz not null,
  published_by uuid,                    -- account; null: the server saw that a practice changed
  content text not null,
  hash bytea not null,                  -- SHA-256 of what it says, whenever it says it
  changes jsonb not null                -- against the version before: [{what, type, name, fields}]
);
create table status_sample (            -- how the server found itself, every few minutes
  at timestamptz not null,
  component text not null,
  ok bool not null,
  milliseconds int not null,
  primary key (at, component)
);
create table status_day (               -- the samples of a day (UTC), counted: they stay when the samples go
  day date not null,
  component text not null,
  samples int not null,
  good int not null,
  primary key (day, component)
);
create table status_incident (
  incident_id uuid primary key,
  kind text not null check (kind in ('incident', 'maintenance')),
  title text not null,
  components text[] not null default '{}',
  began_at timestamptz not null,
  planned_until timestamptz,            -- maintenance
  ended_at timestamptz,
  posts jsonb not null default '[]'     -- [{at, text}]
);
create index status_incident_began on status_incident (began_at);
