-- Up Migration

-- Whether a row came to its record by a retraction from another, which later pages ask of rows that changed meanwhile.

create index retraction_into on retraction (into_record_id, type, id) where into_record_id is not null;
