-- Up Migration

-- ---------- index and converter versions of each record and each practice ----------
-- No large table is read or written here. Rows with an index version below 3 are all in resource_stale. If there are
-- none, every record is at version 3 at least, because the previous release indexed everything before it served.
do $$
begin
  if exists (select from resource where indexed_by < 3) then
    alter table record add indexed_by int not null default 0;
    alter table practice add records_indexed_by int not null default 0;
  else
    alter table record add indexed_by int not null default 3;
    alter table practice add records_indexed_by int not null default 3;
    alter table record alter indexed_by set default 0;
    alter table practice alter records_indexed_by set default 0;
  end if;
end $$;
alter table record add converted_by int not null default 0;
alter table practice
  add records_converted_by int not null default 0, -- lowest version of the practice's records, like records_indexed_by
  add indexed_by int not null default 0,           -- of its directory resources
  add converted_by int not null default 0;
drop index resource_stale;

-- Each start looks for names that aren't normalized yet. Usually there are none.
create index demographics_unfolded on demographics (practice_id, record_id) where folded is null;

-- ---------- practice of a row, for the index of a practice's changes ----------
alter table resource add practice_id int; -- null: not written or indexed since, see docs/decisions/044

-- ---------- processes of the previous release, until they are stopped ----------
-- They don't mark their writes as outdated, but the index version of the rows shows it.
create function fhir_written_by_earlier_release() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'resource' then
    update record set indexed_by = least(indexed_by, new.indexed_by), converted_by = 0
      where record_id = new.record_id and (indexed_by > new.indexed_by or converted_by > 0);
    update practice set records_indexed_by = least(records_indexed_by, new.indexed_by), records_converted_by = 0
      where practice_id = (select practice_id from record where record_id = new.record_id)
        and (records_indexed_by > new.indexed_by or records_converted_by > 0);
  else
    update practice set indexed_by = least(indexed_by, new.indexed_by), converted_by = 0
      where practice_id = new.practice_id and (indexed_by > new.indexed_by or converted_by > 0);
  end if;
  return null;
end $$;
create trigger written_by_earlier_release after insert or update of content, indexed_by on resource
  for each row when (new.indexed_by < 5) execute function fhir_written_by_earlier_release();
create trigger written_by_earlier_release after insert or update of content, indexed_by on shared_resource
  for each row when (new.indexed_by < 5) execute function fhir_written_by_earlier_release();
