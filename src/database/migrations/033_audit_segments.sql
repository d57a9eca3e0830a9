-- Up Migration

-- The audit log is sealed in segments, usually of one day (UTC). Each row is one link of a chain: its digest covers the
-- events of the segment and the digest of the link before. The server's role can only append and read.
create table audit_segment (
  segment int primary key check (segment > 0), -- position in the chain, from 1
  from_at timestamptz not null,                -- end of the segment before
  to_at timestamptz not null unique,           -- a midnight (UTC). Events at this time belong to the next segment
  events bigint not null,
  first_at timestamptz,                        -- first and last event; null if there are no events
  first_id uuid,
  last_at timestamptz,
  last_id uuid,
  salt bytea not null,
  content_digest bytea not null,               -- of the events, with the salt
  previous_digest bytea,                       -- of the segment before
  digest bytea not null,                       -- of this link
  sealed_at timestamptz not null
);

-- The segment that is being sealed, and how far its digest has been computed. The row also closes its days: from then
-- on, no event of them can be added. At most one row.
create table audit_sealing (
  segment int primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  events bigint not null,
  first_at timestamptz,
  first_id uuid,
  last_at timestamptz,
  last_id uuid,
  salt bytea not null,
  state bytea not null                         -- digest of the events so far
);

-- Segments whose events were written to the archive and read back. The server's role can only append and read.
create table audit_archived (
  segment int primary key references audit_segment,
  archived_at timestamptz not null
);

-- Months (UTC) whose partition was dropped after its retention. Only drop_audit_partition adds rows.
create table audit_dropped_month (
  month date primary key,
  dropped_at timestamptz not null
);

-- When a segment was last verified, and what was wrong. A segment that is missing from the chain can have a row too.
create table audit_check (
  segment int primary key,
  checked_at timestamptz not null,
  problem text,                                -- null: the segment is as it was sealed
  reported_at timestamptz                      -- when administrators got an email about the problem
);

-- Rejects an event of a day that is closed. Without it, the clock of one server, a stopped process or a long wait could
-- add an event to a day whose digest was already computed. Sealing closes a day an hour after its end, so an event of
-- the last 30 minutes doesn't need the lookup. 22008 is the class of errors that an invalid value causes, so that other
-- events of the same insert are stored.
create function reject_late_audit_event() returns trigger language plpgsql as $$
begin
  if new.at < clock_timestamp() - interval '30 minutes' then
    if new.at < greatest((select max(to_at) from public.audit_segment), (select max(to_at) from public.audit_sealing)) then
      raise exception 'the audit log of this day is closed' using errcode = 'datetime_field_overflow';
    end if;
  end if;
  return new;
end
$$;
create trigger reject_late_audit_event before insert on audit_event
  for each row execute function reject_late_audit_event();

-- Drops the partition of the audit log for a month (UTC). The function runs with the rights of the owner of the schema,
-- so it decides itself what may be dropped, by the clock of the database: what is at least six years old (45 CFR
-- 164.316(b)(2)(i) and 164.528) and completely sealed and archived. It gives up instead of waiting for a lock, because
-- all inserts into the audit log would wait behind it.
create function drop_audit_partition(month date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '300ms' as $$
declare
  first_day timestamp := date_trunc('month', month::timestamp);
  begins timestamptz := first_day at time zone 'UTC';
  ends timestamptz := (first_day + interval '1 month') at time zone 'UTC';
  name text := 'audit_event_' || to_char(first_day, 'YYYY_MM');
begin
  if ends > now() - interval '6 years' then
    raise exception 'the audit log of the last six years is not dropped' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if not exists (select from public.audit_segment s where s.to_at >= ends) or exists (
    select from public.audit_segment s where s.from_at < ends and s.to_at > begins
      and not exists (select from public.audit_archived a where a.segment = s.segment)) then
    raise exception 'the audit log of this month is not archived' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if to_regclass(format('public.%I', name)) is null then
    return false;
  end if;
  execute format('drop table public.%I', name);
  insert into public.audit_dropped_month values (first_day::date, now());
  return true;
end
$$;
revoke execute on function drop_audit_partition(date) from public;

select pgboss.create_queue('audit-archive', '{"policy":"stately","retryLimit":5,"retryDelay":60,"retryBackoff":true,"retryDelayMax":3600,"expireInSeconds":43200,"heartbeatSeconds":30,"deleteAfterSeconds":86400,"deadLetter":"dead-letter"}');
