-- Up Migration

-- What changed at a practice, type by type: for searches by _lastUpdated of the staff and of backend apps. It is empty at
-- first and fills as records are indexed. Writers wait while PostgreSQL reads the table once; readers do not.
create index resource_practice on resource (practice_id, type, last_updated, id) where practice_id is not null;
