-- Up Migration

-- ---------- validation results of stored resources, without any values ----------
create table validation_fault (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  source text collate "C" not null,     -- who sent the resource
  found_at timestamptz not null,
  errors int not null,
  warnings int not null,
  issues jsonb not null,                -- severity, code, path, text, profile and key of the first 50 issues
  primary key (practice_id, type, id)
);

-- ---------- daily counts (UTC) of each source's input, for the operators of feeds ----------
create table intake_day (
  practice_id int not null,
  source text collate "C" not null,
  day date not null,
  last_at timestamptz not null,
  inputs int not null,                  -- Bundles of a feed, or imports
  created bigint not null,
  updated bigint not null,
  unchanged bigint not null,
  stale bigint not null,                -- older than what the source sent before
  deleted bigint not null,
  refused bigint not null,
  primary key (practice_id, source, day)
);
