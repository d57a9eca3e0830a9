-- Up Migration

-- ---------- developers ----------
alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check check (kind in ('patient', 'staff', 'developer'));
-- A developer may also be a patient with the same address: an address is unique among developers and among all others.
drop index account_email;
create unique index account_email on account (email, (kind = 'developer'));
create table organisation (             -- developer organizations
  organisation_id uuid primary key,
  name text not null,
  domain text collate "C" unique,       -- email domain of its members; null: the founder used a public email provider
  website text,
  created_at timestamptz not null,
  verified_at timestamptz,              -- when an administrator verified the organization
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
create table join_request (             -- requests to join the organization of one's email domain
  organisation_id uuid not null,
  account_id uuid not null,
  asked_at timestamptz not null,
  decided_at timestamptz,
  decided_by uuid,
  accepted bool,
  primary key (organisation_id, account_id)
);
create table sign_up (                  -- emailed one-time link that creates a developer account
  hash bytea primary key,               -- SHA-256
  sign_up_id uuid not null unique,
  email text collate "C" not null,      -- normalized; following the link confirms it
  language text not null check (language in ('en', 'es')),
  organisation_id uuid,                 -- organization that invited; null: chosen by email domain
  role text check (role in ('administrator', 'developer', 'reader')),
  invited_by uuid,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  account_id uuid                       -- account created with it
);
create index sign_up_email on sign_up (email);
create index sign_up_organisation on sign_up (organisation_id) where organisation_id is not null;

-- ---------- apps ----------
alter table app
  add organisation_id uuid,             -- null: registered by an operator, or dynamically
  add description text,
  add logo bytea,                       -- PNG, JPEG or WebP, which can't contain scripts
  add logo_type text,
  add logo_version text,                -- first characters of its SHA-256
  add listed bool not null default false, -- in the public gallery, once active
  add first_call_at timestamptz,        -- first response with data
  add pseudonym_key bytea not null default uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()); -- 244 random bits: derives the pseudonyms that its developer sees
create index app_organisation on app (organisation_id, created_at);
alter table app_secret
  add secret_id uuid not null default gen_random_uuid() unique,
  add name text not null default 'Secret',
  add warned_at timestamptz;            -- when its expiry was announced
create table app_version (              -- versions submitted for approval; the live terms are in app
  client_id text collate "C" not null,
  version int not null,
  terms jsonb not null,
  logo bytea,
  logo_type text,
  state text not null check (state in ('waiting', 'verified', 'approved', 'rejected', 'withdrawn', 'replaced')),
  submitted_by uuid,                    -- null: an operator
  submitted_at timestamptz not null,
  verify_by timestamptz not null,       -- 10 business days: 45 CFR 170.404(b)(1)(i)
  verified_at timestamptz,
  verified_by uuid,
  enable_by timestamptz,                -- 5 more business days: 45 CFR 170.404(b)(1)(ii)
  asked_at timestamptz,                 -- waiting for the developer's answer to the question
  question text,
  approved_first_at timestamptz,        -- first of two required approvals
  approved_first_by uuid,
  decided_at timestamptz,
  decided_by uuid,
  reason text,                          -- as displayed to the developer
  warned_at timestamptz,                -- when administrators were warned about a deadline
  primary key (client_id, version)
);
create unique index app_version_open on app_version (client_id) where state in ('waiting', 'verified');
create index app_version_submitted on app_version (submitted_at);
create view app_maker as               -- developer and verification date of an app: those of its organization if it has one,
  select a.client_id, coalesce(o.name, a.developer) as developer, -- otherwise the app's own, if the name is the one that was verified
    coalesce(o.verified_at, case when o.name is null or o.name = a.developer then a.verified_at end) as verified_at
  from app a left join organisation o on o.organisation_id = a.organisation_id;
create table app_event (                -- history of an app, for its developers
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
create table review_note (              -- notes between administrators
  client_id text collate "C" not null,
  note_id uuid primary key,
  at timestamptz not null,
  account_id uuid not null,
  content text not null
);
create index review_note_client on review_note (client_id, at);

-- ---------- requests of apps, for their developers ----------
create table app_request (              -- each request and its result: no health data, no values, no tokens
  client_id text collate "C" not null,
  at timestamptz not null,
  id uuid not null,
  endpoint text not null,               -- authorize, token, fhir-r4, …
  interaction text,                     -- FHIR: read, search, document
  type text,                            -- FHIR resource type, as named in the requested version
  parameters text[] not null default '{}', -- parameter names that we know; no values
  others int not null default 0,        -- number of parameters with other names
  pseudonym text,                       -- pseudonym of the patient for this app; null: several patients or none
  patient uuid,                         -- sandbox practices: the test patient
  patients int not null default 0,      -- number of patients whose data was sent
  live bool not null default false,     -- a live practice's patient: only the pseudonym is stored
  resources int,
  status int,                           -- null: unknown, from an older version
  error text,
  cause text,
  request_id text not null,
  milliseconds int,
  primary key (client_id, at, id)
);
insert into app_request (client_id, at, id, endpoint, error, cause, request_id)
  select client_id, at, id, endpoint, error, cause, request_id from app_log;
drop table app_log;
create table app_usage (                -- hourly counts; no personal data
  client_id text collate "C" not null,
  hour timestamptz not null,
  measure text not null,                -- call, type, error, funnel, patients, lost
  name text not null default '',        -- name of the type, error or step
  count bigint not null,
  primary key (client_id, hour, measure, name)
);
create table app_usage_patient (        -- patients read today, by pseudonym; counted and deleted when the day is over
  client_id text collate "C" not null,
  day date not null,
  pseudonym text collate "C" not null,
  primary key (client_id, day, pseudonym)
);
create table app_first_data (           -- authorizations with which data was read, each counted once
  family_id text collate "C" primary key,
  at timestamptz not null
);

-- ---------- public pages ----------
create table practice_brand (           -- brand information of a practice for apps
  practice_id int primary key,
  npi text check (npi ~ '^[0-9]{10}$'),
  category text not null default 'prov',
  aliases text[] not null default '{}',
  locations text[] not null default '{}', -- in addition to the practice's address
  part_of int                           -- the practice whose portal it shares
);
create table brands_version (           -- each published User-access Brands bundle
  version int primary key,
  published_at timestamptz not null,
  published_by uuid,                    -- null: the server, after a practice changed
  content text not null,
  hash bytea not null,                  -- SHA-256 of the content without its date
  changes jsonb not null                -- compared to the previous version: [{what, type, name, fields}]
);
create table status_sample (            -- results of the server's own health checks, every few minutes
  at timestamptz not null,
  component text not null,
  ok bool not null,
  milliseconds int not null,
  primary key (at, component)
);
create table status_day (               -- daily counts (UTC), which outlive the samples
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
  planned_until timestamptz,            -- for maintenance
  ended_at timestamptz,
  posts jsonb not null default '[]'     -- [{at, text}]
);
create index status_incident_began on status_incident (began_at);
