-- Up Migration

-- Documents by id in all records, for backend apps: see docs/decisions/092. Writes of documents wait while an index is
-- built, so if the table is large, `patient-access doctor` asks the operator to create it with `concurrently`.
do $$
begin
  if pg_relation_size('document') < 1000000000 then
    create index document_id on document (id);
  end if;
end $$;
