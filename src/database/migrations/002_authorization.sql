-- Up Migration

-- ---------- people ----------
alter table account
  add kind text not null default 'patient' check (kind in ('patient', 'staff')),
  add locked_at timestamptz,            -- locked by the practice: nothing of it works, tokens included
  add locked_for text;
create table staff (                    -- at which practices a member of staff works, and as whom
  account_id uuid not null,
  practice_id int not null,
  practitioner_id uuid not null,        -- in the practice's directory: what `fhirUser` names
  primary key (account_id, practice_id)
);
alter table representation
  add related_person_id uuid,           -- in the record: what `fhirUser` names when a representative signs in
  add ended_at timestamptz,
  add ended_for text;

-- ---------- apps ----------
alter table app
  add kind text not null default 'patient' check (kind in ('patient', 'staff', 'backend')),
  add auth text not null default 'secret' check (auth in ('none', 'secret', 'private_key_jwt')),
  add jwks jsonb,                       -- RFC 7517, by value …
  add jwks_uri text,                    -- … or where it is fetched from
  add launch_uri text,                  -- SMART EHR launch
  add practice_ids int[] not null default '{}', -- backend apps: whose data `system/` is
  add require_aud bool not null default false,  -- authorize without `aud` is refused
  add secret_in_query bool not null default true,
  add id_token_alg text not null default 'RS256' check (id_token_alg in ('RS256', 'ES256')),
  add dpop_bound bool not null default false,   -- RFC 9449 §5.2: no token without a proof
  add may_introspect bool not null default false, -- a resource server: may ask about tokens of other apps
  add registration_hash bytea,          -- RFC 7592: SHA-256 of the registration access token; null: not registered by itself
  add metadata jsonb not null default '{}'; -- RFC 7591 §2: what is kept and shown, and decides nothing
update app set auth = 'none' where not confidential;
alter table app drop confidential;
create table app_log (                  -- why the server refused an app, for its developer: no secret, no health data
  client_id text collate "C" not null,
  at timestamptz not null,
  id uuid not null,
  endpoint text not null,
  error text not null,
  cause text not null,
  request_id text not null,
  primary key (client_id, at, id)
);

-- ---------- consent and tokens ----------
-- Denials are by category now: a type that was denied as a whole is denied in all its parts. What was denied last was
-- taken from every token; from here on a choice is about the access that it gives, unless the person says otherwise.
update consent_grant set denied = denied || array['Condition:problem-list-item', 'Condition:encounter-diagnosis',
  'Condition:health-concern'] where 'Condition' = any(denied);
update consent_grant set denied = denied || array['Observation:laboratory', 'Observation:vital-signs',
  'Observation:clinical-test', 'Observation:social-history', 'Observation:sdoh', 'Observation:survey']
  where 'Observation' = any(denied);
alter table consent_grant
  alter account_id drop not null,       -- a backend app acts for nobody
  alter record_id drop not null,        -- what a member of staff or a backend app may do is not about one record
  add subject text not null default 'record' check (subject in ('record', 'staff', 'backend')),
  add ended_by text,                    -- patient, app, staff
  add check (subject <> 'record' or (record_id is not null and account_id is not null)),
  add check (subject <> 'staff' or (record_id is null and account_id is not null)),
  add check (subject <> 'backend' or (record_id is null and account_id is null));
create unique index consent_grant_staff on consent_grant (account_id, client_id) where subject = 'staff';
create unique index consent_grant_backend on consent_grant (client_id) where subject = 'backend';
create index consent_grant_client on consent_grant (client_id);
create index consent_grant_account on consent_grant (account_id);
alter table token_family
  add record_id bigint,                 -- the patient in context: whose data `patient/` scopes are about
  add context jsonb not null default '{}', -- SMART launch context: encounter, banner, intent, fhirContext
  add auth_time timestamptz,            -- when the person signed in: OpenID Connect Core §2
  add denied text[] not null default '{}', -- what the person took from it since: types, categories
  add expires_at timestamptz;           -- as chosen at its consent; what is chosen since can only end it sooner
-- Their pages had no line about other people, and what had ended stays so.
update token_family f set record_id = g.record_id, denied = g.denied || '{RelatedPerson}'::text[],
  revoked_at = coalesce(f.revoked_at, g.revoked_at) from consent_grant g where g.grant_id = f.grant_id;
alter table consent_grant rename denied to unticked; -- the last time this was asked: how the page starts the next time
alter table token add jkt text;         -- RFC 9449: key that must be proved; of an access token §6, of a refresh token §5, of a code §10
create table launch (                   -- SMART EHR launch: what a launch token stands for
  hash bytea primary key,               -- SHA-256
  client_id text collate "C" not null,
  account_id uuid not null,             -- the member of staff who launched
  record_id bigint not null,
  context jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create table pushed_request (           -- RFC 9126
  hash bytea primary key,               -- SHA-256 of the request_uri
  client_id text collate "C" not null,
  parameters jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid                          -- session it was used in: that one alone may repeat it
);
create table seen_once (                -- ids of assertions (RFC 7523 §3) and proofs (RFC 9449 §11.1): each good once
  key bytea primary key,                -- SHA-256 of whose it is and the id
  expires_at timestamptz not null
);
create index seen_once_expiry on seen_once (expires_at);
alter table signing_key
  add alg text not null default 'RS256' check (alg in ('RS256', 'ES256')),
  add active_from timestamptz;          -- published before it signs, so that caches know it
update signing_key set active_from = created_at;
alter table signing_key alter active_from set not null;
