-- Up Migration

-- Indexes by date of the laboratory results and of the vital signs of a record. A patient may have many times as many of
-- one as of the other, and a page of laboratory results read both: see docs/decisions/094. The numbers are the search
-- index values of the codes `laboratory` and `vital-signs` of the parameter `category`. Writes wait while an index is
-- built, so if the table is large or distributed, `patient-access doctor` asks the operator to create the indexes with
-- `concurrently`.
do $$
declare
  is_distributed boolean := false;
begin
  if to_regclass('pg_catalog.pg_dist_partition') is not null then
    execute 'select exists (select from pg_dist_partition where logicalrel = to_regclass(''public.resource''))'
      into is_distributed;
  end if;
  if not is_distributed and pg_relation_size('resource') < 1000000000 then
    create index resource_laboratory on resource (record_id, type, sort_at, id)
      where flags && '{-6818590849901694227}'::int8[];
    create index resource_vital_signs on resource (record_id, type, sort_at, id)
      where flags && '{-9061527613545920757}'::int8[];
  end if;
end $$;
