/**
 * SQL: common table expressions that find out which resources a practice has, in its patient records or its directory.
 * The last one, `stored`, has the keys of these resources. The patient records of all practices are searched by ids, and
 * the rows that this finds are then compared with the practice: a distributed database can't join the tables otherwise.
 * @param keysSql SQL that selects the columns practice_id, type and id
 */
export const withStoredSql = (keysSql: string): string =>
  `wanted as materialized (${keysSql}),
   held as materialized (
     select r.record_id, r.type, r.id from wanted w join resource r on r.id = w.id and r.type = w.type),
   stored as materialized (
     select x.practice_id, h.type, h.id from held h
       cross join lateral (select practice_id from record o where o.record_id = h.record_id offset 0) as x
     union select s.practice_id, s.type, s.id from wanted w
       join shared_resource s on s.practice_id = w.practice_id and s.type = w.type and s.id = w.id)`;
