-- Up Migration
create extension if not exists pg_trgm;

-- Each start asks for the administrators and for their invitations.
create index account_administrator on account (account_id) where administrator;
create index invitation_administrator on invitation (created_at) where kind = 'administrator';

-- ---------- the patients of each practice, as the front desk lists and searches them ----------
-- Made of demographics, record and what decides the enrollment status, so that a page of a million patients is a part
-- of an index. Only update_patient_list writes it.
create table patient_list (
  record_id bigint primary key,
  practice_id int not null,
  patient_id uuid not null,
  name text not null,
  birth_date date,
  folded text not null,                 -- as in demographics, with a space before each word
  numbers text[] not null,
  status smallint not null,             -- 0 not enrolled, 1 invited, 2 enrolled, 3 declined, 4 locked
  invited_until timestamptz not null,   -- end of the invitation of an invited patient; infinity for others
  name_key text collate "C" not null,   -- for sorting
  birth_key date not null
);
create index patient_list_name on patient_list (practice_id, name_key, birth_key, record_id);
create index patient_list_birth on patient_list (practice_id, birth_key, name_key, record_id);
create index patient_list_status on patient_list (practice_id, status, invited_until, name_key, birth_key, record_id);
create index patient_list_status_name on patient_list (practice_id, status, name_key, birth_key, record_id);
create index patient_list_status_birth on patient_list (practice_id, status, birth_key, name_key, record_id);
create index patient_list_folded on patient_list using gin (practice_id, folded gin_trgm_ops);
create index patient_list_numbers on patient_list using gin (practice_id, numbers);

create table patient_list_count (        -- number of patients in patient_list
  practice_id int not null,
  status smallint not null,
  patients int not null,
  primary key (practice_id, status)
);

-- Records whose row may have changed. Triggers append to it, so that the transactions that change a patient never wait
-- for each other because of the list.
create table patient_list_change (
  change_id bigint generated always as identity primary key,
  record_id bigint not null
);

-- Writes the rows of records again. Only one transaction does so at a time.
create function update_patient_list(changed bigint[]) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('patient list', 0));
  insert into patient_list_count as n (practice_id, status, patients)
    select practice_id, status, -count(*) from patient_list where record_id = any(changed) group by practice_id, status
    on conflict (practice_id, status) do update set patients = n.patients + excluded.patients;
  delete from patient_list where record_id = any(changed);
  insert into patient_list (record_id, practice_id, patient_id, name, birth_date, folded, numbers, status, invited_until,
      name_key, birth_key)
    select d.record_id, d.practice_id, r.patient_id, d.name, d.birth_date, ' ' || coalesce(d.folded, ''), d.numbers,
      case when own.open then 2 when not own.open then 4 when x.record_id is not null or sent.declined then 3
        when sent.until is not null then 1 else 0 end,
      case when own.open is null and x.record_id is null and not sent.declined then sent.until else 'infinity' end,
      left(coalesce(d.sorted, ''), 400), coalesce(d.birth_date, '0001-01-01')
    from demographics d
    join record r on r.record_id = d.record_id and r.practice_id = d.practice_id and r.state = 'active'
    left join lateral (
      select bool_or(p.ended_at is null and a.locked_at is null) as open from representation p
      join account a on a.account_id = p.account_id and a.closed_at is null
      where p.record_id = d.record_id and p.relationship = 'self') own on true
    left join lateral (
      select i.declined_at is not null as declined,
        case when i.failures < 5 then i.expires_at else '-infinity' end as until
      from invitation i
      where i.record_id = d.record_id and i.kind = 'patient' and i.used_at is null and i.cancelled_at is null
      order by i.created_at desc limit 1) sent on true
    left join enrollment_declined x on x.record_id = d.record_id and x.practice_id = d.practice_id
    where d.record_id = any(changed);
  insert into patient_list_count as n (practice_id, status, patients)
    select practice_id, status, count(*) from patient_list where record_id = any(changed) group by practice_id, status
    on conflict (practice_id, status) do update set patients = n.patients + excluded.patients;
end $$;

-- Brings the list up to date with the oldest changes. A change that was committed before is in the list afterwards.
-- Returns whether there are more changes.
create function refresh_patient_list(most int) returns boolean language plpgsql as $$
declare
  changed bigint[];
begin
  if not exists (select from patient_list_change) then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('patient list', 0));
  with oldest as (select change_id from patient_list_change order by change_id limit most),
  taken as (
    delete from patient_list_change c using oldest o where c.change_id = o.change_id returning c.record_id)
  select array_agg(distinct record_id) into changed from taken;
  perform update_patient_list(changed);
  return exists (select from patient_list_change);
end $$;

-- It has the rights of the owner, because servers of the previous release write before their role has any on the table.
create function patient_list_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_table_name = 'account' then
    insert into patient_list_change (record_id)
      select record_id from representation where account_id = new.account_id and relationship = 'self';
    return null;
  end if;
  if tg_op <> 'INSERT' then
    insert into patient_list_change (record_id) values (old.record_id);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and new.record_id <> old.record_id then
    insert into patient_list_change (record_id) values (new.record_id);
  end if;
  return null;
end $$;
create trigger patient_list_changed after insert or delete on demographics
  for each row execute function patient_list_changed();
create trigger patient_list_updated after update on demographics
  for each row when (old.* is distinct from new.*) execute function patient_list_changed();
create trigger patient_list_updated after update of state on record
  for each row when (old.state <> new.state) execute function patient_list_changed();
create trigger patient_list_changed after insert or delete on representation
  for each row execute function patient_list_changed();
create trigger patient_list_updated after update on representation
  for each row when (old.* is distinct from new.*) execute function patient_list_changed();
create trigger patient_list_updated after update of locked_at, closed_at on account
  for each row when (old.locked_at is distinct from new.locked_at or old.closed_at is distinct from new.closed_at)
  execute function patient_list_changed();
create trigger patient_list_added after insert on invitation
  for each row when (new.kind = 'patient') execute function patient_list_changed();
create trigger patient_list_deleted after delete on invitation
  for each row when (old.kind = 'patient') execute function patient_list_changed();
create trigger patient_list_updated after update on invitation
  for each row when (new.kind = 'patient' and (
    (old.record_id, old.failures, old.expires_at) is distinct from (new.record_id, new.failures, new.expires_at)
    or (old.used_at, old.cancelled_at, old.declined_at) is distinct from
      (new.used_at, new.cancelled_at, new.declined_at)))
  execute function patient_list_changed();
create trigger patient_list_changed after insert or delete or update on enrollment_declined
  for each row execute function patient_list_changed();

-- The server makes the list of these in the background, after it has started.
insert into patient_list_change (record_id) select record_id from demographics order by record_id;
