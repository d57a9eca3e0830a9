-- Up Migration

-- ---------- accounts ----------
alter table account
  add kind text not null default 'patient' check (kind in ('patient', 'staff')),
  add locked_at timestamptz,            -- locked by the practice: sign-in and tokens are rejected
  add locked_for text;
create table staff (                    -- practices where a staff member works
  account_id uuid not null,
  practice_id int not null,
  practitioner_id uuid not null,        -- Practitioner in the practice's directory, named by `fhirUser`
  primary key (account_id, practice_id)
);
alter table representation
  add related_person_id uuid,           -- RelatedPerson in the record, named by `fhirUser` when the representative signs in
  add ended_at timestamptz,
  add ended_for text;

-- ---------- apps ----------
alter table app
  add kind text not null default 'patient' check (kind in ('patient', 'staff', 'backend')),
  add auth text not null default 'secret' check (auth in ('none', 'secret', 'private_key_jwt')),
  add jwks jsonb,                       -- RFC 7517, by value
  add jwks_uri text,                    -- or the URL that it is fetched from
  add launch_uri text,                  -- SMART EHR launch
  add practice_ids int[] not null default '{}', -- backend apps: practices whose data `system/` scopes cover
  add require_aud bool not null default false,  -- reject authorization requests without `aud`
  add secret_in_query bool not null default true,
  add id_token_alg text not null default 'RS256' check (id_token_alg in ('RS256', 'ES256')),
  add dpop_bound bool not null default false,   -- RFC 9449 §5.2: tokens require a DPoP proof
  add may_introspect bool not null default false, -- resource server: may introspect tokens of other apps
  add registration_hash bytea,          -- RFC 7592: SHA-256 of the registration access token; null: not dynamically registered
  add metadata jsonb not null default '{}'; -- RFC 7591 §2: metadata that is stored and displayed only
update app set auth = 'none' where not confidential;
alter table app drop confidential;
create table app_log (                  -- rejected requests, for the app's developer: no secrets, no health data
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
-- Data is now declined by category: declining a type declines all of its categories. Until now, the last consent
-- restricted every token; from here on it applies to its own access, unless the person chooses otherwise.
update consent_grant set denied = denied || array['Condition:problem-list-item', 'Condition:encounter-diagnosis',
  'Condition:health-concern'] where 'Condition' = any(denied);
update consent_grant set denied = denied || array['Observation:laboratory', 'Observation:vital-signs',
  'Observation:clinical-test', 'Observation:social-history', 'Observation:sdoh', 'Observation:survey']
  where 'Observation' = any(denied);
alter table consent_grant
  alter account_id drop not null,       -- null: a backend app acts for no account
  alter record_id drop not null,        -- null: access of staff and backend apps isn't limited to one record
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
  add record_id bigint,                 -- patient in context, whom `patient/` scopes cover
  add context jsonb not null default '{}', -- SMART launch context: encounter, banner, intent, fhirContext
  add auth_time timestamptz,            -- when the person signed in: OpenID Connect Core §2
  add denied text[] not null default '{}', -- types and categories that the person restricted since
  add expires_at timestamptz;           -- as chosen at consent; later choices can only shorten it
-- Existing consents never covered related people, and ended ones stay ended.
update token_family f set record_id = g.record_id, denied = g.denied || '{RelatedPerson}'::text[],
  revoked_at = coalesce(f.revoked_at, g.revoked_at) from consent_grant g where g.grant_id = f.grant_id;
alter table consent_grant rename denied to unticked; -- choices of the last consent, with which the next page starts
alter table token add jkt text;         -- RFC 9449: thumbprint of the proof key; access tokens §6, refresh tokens §5, codes §10
create table launch (                   -- SMART EHR launch: context of a launch token
  hash bytea primary key,               -- SHA-256
  client_id text collate "C" not null,
  account_id uuid not null,             -- staff member who launched the app
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
  used_by uuid                          -- session that used it, the only one that may repeat the request
);
create table seen_once (                -- ids of assertions (RFC 7523 §3) and proofs (RFC 9449 §11.1), each valid once
  key bytea primary key,                -- SHA-256 of the owner and the id
  expires_at timestamptz not null
);
create index seen_once_expiry on seen_once (expires_at);
alter table signing_key
  add alg text not null default 'RS256' check (alg in ('RS256', 'ES256')),
  add active_from timestamptz;          -- published before it signs, so that caches have it
update signing_key set active_from = created_at;
alter table signing_key alter active_from set not null;
