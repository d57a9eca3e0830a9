-- Up Migration

-- A merge that an operator undid stays undone until the feed has left out the Patient.link once, see record_merge.

alter table record_merge
  add said_no_more text[] not null default '{}'; -- Patient links that the feed has left out since the merge was undone
