-- Up Migration

-- What the operator took apart stays apart until the feed has once not said it: see record_merge.

alter table record_merge
  add said_no_more text[] not null default '{}'; -- since it was undone: links of Patient that the feed has once left out
