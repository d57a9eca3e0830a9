/**
 * SQL predicate: a practice has a resource, either in one of its patient records or in its directory.
 * @param key alias of a row with the columns practice_id, type and id
 */
export const isStoredSql = (key: string): string =>
  `(exists (select 1 from resource r join record x on x.record_id = r.record_id
     where r.id = ${key}.id and r.type = ${key}.type and x.practice_id = ${key}.practice_id)
   or exists (select 1 from shared_resource s
     where s.practice_id = ${key}.practice_id and s.type = ${key}.type and s.id = ${key}.id))`;
