-- Up Migration

-- Audit events that the database lost, because it was restored to an earlier time or a standby took over that didn't have
-- them yet. They were found in the archive of the audit log or in another database. A row without a result was only
-- noticed; the others were handled, so that no event is repeated twice.
create table lost_audit_event (
  event_id uuid primary key,
  at timestamptz not null,                     -- time of the event
  found_at timestamptz not null,
  result text check (result in ('reapplied', 'not-needed', 'by-hand'))
);

-- Segments of the archive that an operator has accepted as lost in a restore. They aren't a part of the chain.
create table lost_audit_segment (
  segment int not null,
  digest text not null,                        -- the digits of the digest in the names of its files
  accepted_at timestamptz not null,
  primary key (segment, digest)
);

alter table mail add held_at timestamptz;      -- held back after a restore, because it may have been sent before
