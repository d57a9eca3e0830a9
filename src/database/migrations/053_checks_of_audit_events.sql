-- Up Migration

-- One trigger after the insert checks an event, and adds its records to disclosed_record. PostgreSQL prepares each check
-- constraint, each trigger and, because of the trigger before the insert, the bounds of the partition for each statement
-- that adds an event. That took a fourth of the time of the insert.
create function check_audit_event() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.outcome not in ('success', 'failure') then
    raise exception 'an audit event has the outcome success or failure' using errcode = 'check_violation';
  end if;
  -- Sealing closes a day an hour after its end, so an event of the last 30 minutes doesn't need the lookup. The
  -- error is a data exception (22), so that other events of the same insert are stored.
  if new.at < clock_timestamp() - interval '30 minutes' then
    if new.at < greatest((select max(to_at) from public.audit_segment), (select max(to_at) from public.audit_sealing)) then
      raise exception 'the audit log of this day is closed' using errcode = 'datetime_field_overflow';
    end if;
  end if;
  if new.record_id is null and new.detail ? 'disclosed' then
    insert into public.disclosed_record
      select r.key::int8, new.at, new.id, r.value::int4 from jsonb_each(new.detail -> 'disclosed') r;
  end if;
  return null;
end
$$;
revoke execute on function check_audit_event() from public;

-- Events wait while the table is locked, also behind a lock that is waited for. The lock is therefore given up after 300 ms,
-- and requested again a second later.
do $$
begin
  set local lock_timeout = '300ms';
  for attempt in 1..20 loop
    begin
      lock table audit_event in access exclusive mode;
      exit;
    exception when lock_not_available then
      if attempt = 20 then
        raise;
      end if;
      perform pg_sleep(1);
    end;
  end loop;
  set local lock_timeout = default;
end
$$;
drop trigger reject_late_audit_event on audit_event;
drop trigger add_disclosed_records on audit_event;
drop function reject_late_audit_event();
alter table audit_event drop constraint audit_event_outcome_check;
create trigger check_audit_event after insert on audit_event for each row
  when (new.outcome not in ('success', 'failure') or new.at < clock_timestamp() - interval '30 minutes'
    or (new.record_id is null and new.detail ? 'disclosed'))
  execute function check_audit_event();

-- The events of imported practices keep a trigger of their own.
create or replace function add_disclosed_records() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.imported_disclosed_record
    select r.key::int8, new.at, new.id, r.value::int4 from jsonb_each(new.detail -> 'disclosed') r;
  return null;
end
$$;
