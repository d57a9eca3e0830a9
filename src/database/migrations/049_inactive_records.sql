-- Up Migration

-- Records that were merged or erased, which searches of whole practices leave out: see docs/decisions/092.
create index record_inactive on record (practice_id, record_id, patient_id) where state <> 'active';
