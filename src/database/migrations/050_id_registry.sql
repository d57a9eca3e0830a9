-- Up Migration

-- What resource_key has of a practice, see docs/decisions/091.
--   claims: the ids of Bundles that are being written
--   filling: all ids that were stored since it was set, and some of those before
--   complete: the ids of all resources that patient records of the practice have, or had until they were deleted
alter table practice add column id_registry text not null default 'claims'
  check (id_registry in ('claims', 'filling', 'complete'));
