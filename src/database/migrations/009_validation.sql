-- Up Migration

-- ---------- what validation found in what is stored: no value of a resource is in it ----------
create table validation_fault (
  practice_id int not null,
  type text collate "C" not null,
  id uuid not null,
  source text collate "C" not null,     -- who sent it
  found_at timestamptz not null,
  errors int not null,
  warnings int not null,
  issues jsonb not null,                -- severity, code, path, text, profile, key; the first 50
  primary key (practice_id, type, id)
);

-- ---------- what came in of each source, day by day (UTC): for whoever looks after feeds ----------
create table intake_day (
  practice_id int not null,
  source text collate "C" not null,
  day date not null,
  last_at timestamptz not null,
  inputs int not null,                  -- Bundles of a feed, or loads
  created bigint not null,
  updated bigint not null,
  unchanged bigint not null,
  stale bigint not null,                -- older than what the source sent before
  deleted bigint not null,
  refused bigint not null,
  primary key (practice_id, source, day)
);
