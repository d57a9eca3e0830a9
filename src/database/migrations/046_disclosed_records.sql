-- Up Migration

-- An event about several records of a practice has their numbers of resources in its detail, as
-- {"disclosed": {"RECORD_ID": RESOURCES}}. The rows of this table find such events by record. They have the months of the
-- audit log, and only the trigger below adds them.
create table disclosed_record (
  record_id bigint not null,
  at timestamptz not null,
  id uuid not null,                            -- the event, together with its time
  resources int not null
) partition by range (at);
create index disclosed_record_record on disclosed_record (record_id, at);

-- The same for the events of imported practices.
create table imported_disclosed_record (
  record_id bigint not null,
  at timestamptz not null,
  id uuid not null,
  resources int not null
);
create index imported_disclosed_record_record on imported_disclosed_record (record_id, at);

create or replace function create_audit_partition(month date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  first_day timestamp := date_trunc('month', month::timestamp);
  suffix text := to_char(first_day, 'YYYY_MM');
  name text := 'audit_event_' || suffix;
begin
  if month not between date '2000-01-01' and date '2199-12-31' then
    raise exception 'no partition for %', month using errcode = 'datetime_field_overflow';
  end if;
  if to_regclass(format('public.%I', name)) is not null then
    return;
  end if;
  execute format('create table public.%I partition of public.audit_event for values from (%L) to (%L)',
    name, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
  execute format('create table public.%I partition of public.disclosed_record for values from (%L) to (%L)',
    'disclosed_record_' || suffix, first_day at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC');
  perform public.create_audit_search_indexes(format('public.%I', name)::regclass, name);
end
$$;

create or replace function drop_audit_partition(month date) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '300ms' as $$
declare
  first_day timestamp := date_trunc('month', month::timestamp);
  begins timestamptz := first_day at time zone 'UTC';
  ends timestamptz := (first_day + interval '1 month') at time zone 'UTC';
  suffix text := to_char(first_day, 'YYYY_MM');
  name text := 'audit_event_' || suffix;
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
  execute format('drop table if exists public.%I', 'disclosed_record_' || suffix);
  insert into public.audit_dropped_month values (first_day::date, now());
  return true;
end
$$;

-- Adds the records of an event to the table that the trigger names. It runs with the rights of the owner, so that the
-- server's role can't add rows of its own.
create function add_disclosed_records() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_argv[0] = 'disclosed_record' then
    insert into public.disclosed_record
      select r.key::int8, new.at, new.id, r.value::int4 from jsonb_each(new.detail -> 'disclosed') r;
  else
    insert into public.imported_disclosed_record
      select r.key::int8, new.at, new.id, r.value::int4 from jsonb_each(new.detail -> 'disclosed') r;
  end if;
  return null;
end
$$;
revoke execute on function add_disclosed_records() from public;
create trigger add_disclosed_records after insert on audit_event for each row
  when (new.record_id is null and new.detail ? 'disclosed') execute function add_disclosed_records('disclosed_record');
create trigger add_disclosed_records after insert on imported_audit_event for each row
  when (new.record_id is null and new.detail ? 'disclosed') execute function add_disclosed_records('imported_disclosed_record');

-- Partitions for the months that the log has already. They are empty. The triggers lock the log, so that no server creates
-- a month meanwhile.
do $$
declare
  suffix text;
begin
  for suffix in
    select right(c.relname, 7) from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'public.audit_event'::regclass and c.relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$'
  loop
    execute format('create table public.%I partition of public.disclosed_record for values from (%L) to (%L)',
      'disclosed_record_' || suffix, to_date(suffix, 'YYYY_MM')::timestamp at time zone 'UTC',
      (to_date(suffix, 'YYYY_MM')::timestamp + interval '1 month') at time zone 'UTC');
  end loop;
end
$$;
