-- Up Migration

-- ---------- made-up reads of sandbox patients: what two weeks of use look like; never part of the audit log ----------
create table made_up_read (
  id uuid primary key,
  record_id bigint not null,
  at timestamptz not null,
  kind text not null,
  outcome text not null check (outcome in ('success', 'failure')),
  account_id uuid,                      -- null: a backend app
  client_id text not null,
  app text not null,                    -- name of the app, which may not be registered
  person text,                          -- name of the person who used the app
  person_kind text,
  type text,
  resources int
);
create index made_up_read_record on made_up_read (record_id, at);
