-- Up Migration

-- Records that were erased, with the certificate: what was removed and who decided it. It has no data of the patient.
-- Nothing refers from the id of a record to a person any more.
create table erasure (
  erasure_id uuid primary key,
  erased_at timestamptz not null,
  record_id bigint not null,            -- as in the audit log
  approval_request_id uuid,             -- null: there was no second administrator
  certificate text not null,            -- JSON
  digest bytea not null                 -- SHA-256 of the certificate; the audit log has it too
);
create index erasure_approval on erasure (approval_request_id) where approval_request_id is not null;
