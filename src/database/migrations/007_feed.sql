-- Up Migration

-- ---------- what backend apps write: each of them its own ----------
alter table resource
  add source text collate "C",          -- who brought what is there now; null: from before sources were kept
  add source_updated timestamptz;       -- as the source dates it (meta.lastUpdated): the newest it sent
alter table shared_resource
  add source text collate "C",
  add source_updated timestamptz;

-- Letters for writing (c, u, d) were registered and never granted: what was approved for reading goes on reading.
update app set scope = trim(regexp_replace(
    regexp_replace(
      regexp_replace(scope, '(system/(?:\*|[A-Za-z]+)\.)\*(?=\s|$)', '\1read', 'g'),
      'system/(?:\*|[A-Za-z]+)\.(?:write|c?u?d?)(?:\?\S*)?(?=\s|$)', '', 'g'),
    '(system/(?:\*|[A-Za-z]+)\.)c?(r?)u?d?(s?)(?=[\s?]|$)', '\1\2\3', 'g'))
  where kind = 'backend';
