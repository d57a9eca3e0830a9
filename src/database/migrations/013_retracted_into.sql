-- Up Migration

-- Finds whether a row came to its record by a corrected misfiling. Later pages of a search need this for rows that
-- changed in the meantime.

create index retraction_into on retraction (into_record_id, type, id) where into_record_id is not null;
