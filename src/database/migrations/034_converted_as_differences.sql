-- Up Migration

-- ---------- converted (DSTU2) resources as differences, see docs/decisions/068 ----------
alter table resource
  add converted_with int,               -- version of the converter; null: not converted, or by an earlier release
  add converted text;                   -- difference between content and the converted text; null: hidden, or none
create table conversion (               -- conversions to further types, and main ones that are hidden or depend on others
  record_id bigint not null,
  name text collate "C" not null,       -- FHIR version, or version and converted type: dstu2, dstu2/MedicationStatement
  type text collate "C" not null,       -- type of the stored resource
  id uuid not null,
  difference text,                      -- as resource.converted, for further types; null: hidden, or a main conversion
  hidden_by text,                       -- rule that hides the resource in the FHIR version
  asked uuid[],                         -- resources that were looked up for it; it is converted again when one of them changes
  primary key (record_id, name, type, id),
  check (difference is null or hidden_by is null)
);
create index conversion_hidden on conversion (record_id, name, type, id) where hidden_by is not null;
create index conversion_asked on conversion using gin (record_id, asked) with (fastupdate = off) where asked is not null;

-- ---------- converter version of each record and each practice ----------
-- These replace converted_by and records_converted_by, which only processes of the previous release read. The background
-- upgrade converts the records, as it does after each change of the converter. Directories stay as they are.
alter table record add conversion_version int not null default 0;
alter table practice
  add records_conversion_version int not null default 0,
  add conversion_version int not null default 0;
update practice set conversion_version = converted_by;

-- ---------- processes of the previous release, until they are stopped ----------
-- They store converted resources in `projection` and see by converted_by = 0 that a record has none there. What they
-- write makes the conversions of this release outdated. `projection` is empty when all records are converted.
create function fhir_converted_by_earlier_release() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from conversion c where c.record_id = old.record_id and c.type = old.type and c.id = old.id
      and not exists (select from resource r where r.record_id = old.record_id and r.type = old.type and r.id = old.id);
    return null;
  end if;
  delete from conversion c where c.record_id = new.record_id and c.type = new.type and c.id = new.id;
  update resource r set converted = null, converted_with = null
    where r.record_id = new.record_id and r.type = new.type and r.id = new.id and r.converted_with is not null;
  update record set conversion_version = 0 where record_id = new.record_id and conversion_version > 0;
  update practice set records_conversion_version = 0
    where practice_id = (select practice_id from record where record_id = new.record_id) and records_conversion_version > 0;
  return null;
end $$;
create trigger converted_by_earlier_release after insert or update or delete on projection
  for each row execute function fhir_converted_by_earlier_release();

-- ---------- compression of long rows with LZ4, if PostgreSQL has it ----------
-- Only the text of resources is compressed, of rows above 2 kB, until a row has at most 1.6 kB. Everything stays in the
-- row, because each read needs it. PostgreSQL without LZ4 compresses rows above half a page, as before.
do $$
begin
  alter table resource
    alter content set compression lz4, alter content set storage main, alter converted set storage main,
    alter extra set storage main, alter dates set storage main, alter flags set storage main,
    alter codes set storage main;
  alter table resource set (toast_tuple_target = 1600);
exception when feature_not_supported then null;
end $$;
