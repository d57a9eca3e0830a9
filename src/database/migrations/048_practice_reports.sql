-- Up Migration

-- ---------- which patients of a practice an app read on which day, for the data access report ----------
-- A row finds the audit events of a patient, app and person on one day of the practice. What was read and when is only
-- in the log. Only the functions below write it, with the rights of the owner. A row can be there twice, if a practice is
-- imported while a server adds rows.
create table daily_read (
  practice_id int not null,
  client_id text collate "C" not null,
  since_at timestamptz not null,               -- the day begins, in the time zone that the practice has then
  until_at timestamptz not null,               -- the next day begins
  record_id bigint not null,
  account_id uuid not null                     -- zero: the app itself
);
create index daily_read_app on daily_read (practice_id, client_id, since_at, record_id, account_id) include (until_at);

create table app_last_read (                   -- when an app last read data of a practice's patients
  practice_id int not null,
  client_id text collate "C" not null,
  read_at timestamptz not null,
  primary key (practice_id, client_id)
);

create table daily_read_position (             -- one row: the last event that these tables have
  at timestamptz not null,
  id uuid not null
);
insert into daily_read_position values ('1970-01-01T00:00Z', '00000000-0000-0000-0000-000000000000');

-- Returns when the day of a time begins. A time zone that this PostgreSQL doesn't know must not stop the others.
create function start_of_day(at timestamptz, zone text) returns timestamptz
language plpgsql stable as $$
begin
  return pg_catalog.date_trunc('day', at, zone);
exception when invalid_parameter_value then
  return pg_catalog.date_trunc('day', at, 'UTC');
end
$$;

-- Adds the rows of events of the log, or of an imported practice. It must look up rows by index also while the tables are
-- empty, because PostgreSQL would remember the plan.
create function add_daily_reads(event_at timestamptz[], event_id uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  with event as materialized (
    select distinct r.practice_id, e.client_id, e.at, p.time_zone, d.record_id,
      coalesce(e.account_id, '00000000-0000-0000-0000-000000000000') as account_id
    from unnest(event_at, event_id) f (at, id)
      join public.recorded_event e on e.at = f.at and e.id = f.id
      cross join lateral (
        select e.record_id where e.record_id is not null
        union all
        select k.key::int8 from jsonb_object_keys(e.detail -> 'disclosed') k (key) where e.record_id is null) d
      join public.record r on r.record_id = d.record_id
      join public.practice p on p.practice_id = r.practice_id
    where e.outcome = 'success' and e.resources > 0 and e.client_id is not null
      and e.kind in ('read', 'search', 'document', 'export')),
  day as (
    select distinct e.practice_id, e.client_id, public.start_of_day(e.at, e.time_zone) as since_at, e.time_zone, e.record_id,
      e.account_id from event e),
  added as (
    insert into public.daily_read
      select d.practice_id, d.client_id, d.since_at, public.start_of_day(d.since_at + interval '36 hours', d.time_zone),
        d.record_id, d.account_id
      from day d where not exists (select from public.daily_read o where o.practice_id = d.practice_id
        and o.client_id = d.client_id and o.since_at = d.since_at and o.record_id = d.record_id
        and o.account_id = d.account_id))
  insert into public.app_last_read as l
    select e.practice_id, e.client_id, max(e.at) from event e group by e.practice_id, e.client_id
    on conflict (practice_id, client_id) do update set read_at = excluded.read_at where l.read_at < excluded.read_at;
end
$$;
revoke execute on function add_daily_reads(timestamptz[], uuid[]) from public;

-- Adds the rows of the events after the position, and moves the position to the last one that is settled: no event with an
-- earlier time will be stored. Returns whether all events have rows, and otherwise until when they do.
create function fill_daily_reads(most int, settled timestamptz, out is_complete boolean, out until timestamptz)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  last public.daily_read_position;
  event_at timestamptz[];
  event_id uuid[];
  moved int;
begin
  select * into last from public.daily_read_position for update;
  if not found then
    insert into public.daily_read_position values ('1970-01-01T00:00Z', '00000000-0000-0000-0000-000000000000')
      returning * into last;
  end if;
  select array_agg(e.at order by e.at, e.id), array_agg(e.id order by e.at, e.id) into event_at, event_id
    from (
      select at, id from public.recorded_event
      where at >= last.at and (at, id) > (last.at, last.id) order by at, id limit most) e;
  perform public.add_daily_reads(event_at, event_id);
  select count(*) into moved from unnest(event_at) e (at) where e.at < settled;
  if moved > 0 then
    update public.daily_read_position set at = event_at[moved], id = event_id[moved];
  end if;
  is_complete := coalesce(cardinality(event_at), 0) < most;
  until := coalesce(event_at[cardinality(event_at)], last.at);
end
$$;
revoke execute on function fill_daily_reads(int, timestamptz) from public;

-- Deletes rows of months whose events were dropped. Imported events are never dropped, so their practices keep all rows.
-- Returns whether there may be more.
create function purge_daily_reads(most int) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before timestamptz;
  app record;
  deleted int;
  remaining int := most;
begin
  select (max(month) + interval '1 month') at time zone 'UTC' - interval '2 days' into before from public.audit_dropped_month;
  if before is null then return false; end if;
  for app in select l.practice_id, l.client_id from public.app_last_read l
    where not exists (select from public.practice_import i where i.practice_id = l.practice_id)
  loop
    delete from public.daily_read d where d.ctid = any(array(
      select o.ctid from public.daily_read o
      where o.practice_id = app.practice_id and o.client_id = app.client_id and o.since_at < before
      order by o.since_at limit remaining));
    get diagnostics deleted = row_count;
    remaining := remaining - deleted;
    if remaining <= 0 then return true; end if;
  end loop;
  return false;
end
$$;
revoke execute on function purge_daily_reads(int) from public;

-- ---------- how many patients of a practice use each app ----------
create table practice_app_count (       -- counted every hour at practices with many patients
  practice_id int not null,
  client_id text collate "C" not null,
  patients int not null,
  since timestamptz not null,           -- when the first of these patients allowed the app
  counted_at timestamptz not null,
  primary key (practice_id, client_id)
);

-- ---------- for the verification of the audit log, which compares each day with the rows that find its events ----------
-- Rows are added in the order of time, so a summary of each megabyte finds those of a day.
create index disclosed_record_at on disclosed_record using brin (at) with (autosummarize = on);
create index imported_disclosed_record_at on imported_disclosed_record using brin (at) with (autosummarize = on);
