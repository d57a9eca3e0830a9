-- Up Migration

-- Creates the partition of the audit log for a month (UTC), unless it exists. The function runs with the rights of the
-- owner of the schema, so that the server's own role needs no right to create tables. Its search path is fixed, and it
-- can create nothing but these partitions.
create function create_audit_partition(month date) returns void
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
end
$$;
revoke execute on function create_audit_partition(date) from public;
