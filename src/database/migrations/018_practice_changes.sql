-- Up Migration

-- Changes at a practice by type, for searches by _lastUpdated of staff and backend apps. The index is empty at first
-- and fills as records are indexed. Writers wait while PostgreSQL reads the table once; readers don't.
create index resource_practice on resource (practice_id, type, last_updated, id) where practice_id is not null;
