-- Up Migration

-- The patients of a practice in order, for searches that read patient by patient: see docs/decisions/085.
create index record_practice_patient on record (practice_id, patient_id);

-- Resources that moved to another record while such a search was read.
create index record_merge_at on record_merge (merged_at);
create index record_merge_undone on record_merge (undone_at) where undone_at is not null;
create index retraction_at on retraction (retracted_at) where into_record_id is not null;
