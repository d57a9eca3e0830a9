-- Up Migration

-- Indexes for searches of the audit log that would read whole months otherwise: by account, by kind, and for failures.
-- Reads and searches are most of the events, so the index on kinds leaves them out. They belong to the partitions only:
-- an index of audit_event itself would be built for all months at once, while no event could be added.
create function create_audit_search_indexes(partition regclass, name text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('create index if not exists %I on %s (kind, at, id) where kind not in (''read'', ''search'')', name || '_kind', partition);
  execute format('create index if not exists %I on %s (at, id) where outcome = ''failure''', name || '_failure', partition);
  -- The last one, because its existence says that the month has all of them.
  execute format('create index if not exists %I on %s (account_id, at) where account_id is not null', name || '_account', partition);
end
$$;
revoke execute on function create_audit_search_indexes(regclass, text) from public;

create or replace function create_audit_partition(month date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first_day timestamp := date_trunc('month', month::timestamp);
  name text := 'audit_event_' || to_char(first_day, 'YYYY_MM');
begin
  if month not between date '2000-01-01' and date '2199-12-31' then
    raise exception 'no partition for %', month using errcode = 'datetime_field_overflow';
  end if;
  if to_regclass(format('public.%I', name)) is not null then
    return;
  end if;
  execute format('create table public.%I partition of public.audit_event for values from (%L) to (%L)',
    name, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
  perform public.create_audit_search_indexes(format('public.%I', name)::regclass, name);
end
$$;

-- Creates the search indexes of a month that had none when this migration ran. Nothing can be added to the month
-- meanwhile, so it must have ended two hours ago by the clock of the database. Returns false if the month has them.
create function index_audit_partition(month date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '300ms' as $$
declare
  first_day timestamp := date_trunc('month', month::timestamp);
  name text := 'audit_event_' || to_char(first_day, 'YYYY_MM');
begin
  if (first_day + interval '1 month 2 hours') at time zone 'UTC' > now() then
    raise exception 'events are still added to this month' using errcode = 'object_not_in_prerequisite_state';
  end if;
  if to_regclass(format('public.%I', name)) is null or to_regclass(format('public.%I', name || '_account')) is not null then
    return false;
  end if;
  perform public.create_audit_search_indexes(format('public.%I', name)::regclass, name);
  return true;
end
$$;
revoke execute on function index_audit_partition(date) from public;

-- Small months are indexed now, in less than a second. The server does the others when they are over.
select create_audit_search_indexes(c.oid::regclass, c.relname::text)
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'public.audit_event'::regclass and pg_table_size(c.oid) < 50000000;
select create_audit_search_indexes('public.imported_audit_event', 'imported_audit_event');
