import { describe, expect, it } from 'vitest';
// Imports the composition root, so that every module declares its statements.
import '../../src/app.ts';
import { allStatements, DISTRIBUTED_TABLES } from '../../src/database/index.ts';
import { findViolations, isBounded, type Violation } from '../support/database/distributed-rules.ts';

/** Statements that Citus rejected, in short. */
const REJECTED: Readonly<Record<Violation, readonly string[]>> = {
  'a subquery without columns': [
    `select type from resource where record_id = $2 and exists (
       select from representation h where h.account_id = $1 and h.record_id = $2)`,
  ],
  'a recursive query with local tables': [
    `with recursive used as (select id from resource where record_id = $1 union select id from used)
     delete from resource r where r.record_id = $1 and r.id not in (select id from used)
       and (select o.indexed_by from record o where o.record_id = $1) > 1`,
  ],
  'an update of the key': ['update document d set record_id = $2 where d.record_id = $1'],
  'a change of one record by the rows of another': [
    `delete from resource_history h using merged_resource k
     where h.record_id = $1 and k.record_id = $2 and h.type = k.type and h.id = k.id`,
  ],
  'a join that sends a local table to all nodes': [
    `select t.version from tombstone t join unnest($2::text[], $3::uuid[]) as k (type, id) on t.type = k.type and t.id = k.id
       join record x on x.record_id = t.record_id where x.practice_id = $1 and x.state = 'active'`,
    `update tombstone t set retracted = false from record x
     where x.record_id = t.record_id and x.practice_id = $1 and t.id = $2`,
  ],
  'a correlated subquery that reads the records of all nodes': [
    `select m.id from (select p.record_id from resource p where p.type = 'Patient' limit 9) w
     cross join lateral (select r.id from resource r where r.record_id = w.record_id order by r.id limit $2) m`,
    `select k.at, c.content from unnest($1::int8[], $2::uuid[]) with ordinality as k (home, id, at)
     cross join lateral (select content from resource r where r.record_id = k.home and r.id = k.id offset 0) as c`,
    `select f.id from validation_fault f where exists (
       select 1 from resource r where r.id = f.id)`,
  ],
  'a correlated subquery of a local table': [
    `select s.id from resource s where s.id = any($1) and exists (
       select 1 from record o where o.record_id = s.record_id and o.practice_id = $2)`,
  ],
  'a lookup of resources for each row of a function': [
    `select r.id from resource r where r.record_id = any($1) and exists (
       select 1 from unnest(r.codes) as named (id) where exists (
         select 1 from resource t where t.record_id = r.record_id and t.id = named.id))`,
  ],
  'a correlated subquery with a constant condition': [
    `select r.id from resource r where r.record_id = any($1) and exists (
       select 1 from resource t where t.record_id = r.record_id and (false))`,
  ],
  'a use of the id registries of all practices': [
    'select record_id from resource_key where type = $1 and id = $2',
    'delete from resource_key k using unnest($1::uuid[]) as i (id) where k.id = i.id',
  ],
};

const ALLOWED = [
  // Each node has the Patients and the other resources of its records.
  `select m.id from (select p.record_id from resource p where p.record_id = any($1) and p.type = 'Patient') w
   cross join lateral (select r.id from resource r where r.record_id = w.record_id order by r.id limit $2) m`,
  // One record, so one node has everything.
  `select t.type, c.entries from unnest($2::text[]) as t (type) cross join lateral (
     select count(*) as entries from resource r where r.record_id = $1 and r.type = t.type) as c`,
  `select r.id from resource r where r.record_id = $1 and not exists (
     select 1 from conversion c where c.record_id = r.record_id and c.id = r.id)`,
  // The rows of the function come with a row of the record, or a parameter names the record.
  `select r.id from resource r where r.record_id = any($1) and exists (
     select 1 from resource own cross join lateral unnest(r.codes) as named (id)
     where own.record_id = r.record_id and own.id = r.id and exists (
       select 1 from resource t where t.record_id = own.record_id and t.id = named.id))`,
  `select r.id from resource r where r.record_id = $1 and exists (
     select 1 from unnest(r.codes) as named (id) where exists (
       select 1 from resource t where t.record_id = $1 and t.id = named.id))`,
  // Rows of all nodes are collected before they are joined to a local table.
  `with held as materialized (select id, record_id from resource where id = any($1))
   select h.id from held h where exists (select 1 from record o where o.record_id = h.record_id)`,
  // Rows of one record, and of one job.
  `select r.id from resource r join record x on x.record_id = r.record_id where r.record_id = $1`,
  'select r.id from retraction r, export_job j where j.job_id = $1 and r.retracted_at >= j.transaction_at',
  // The id registry of one practice.
  'select record_id from resource_key where practice_id = $1 and type = $2 and id = $3',
  // Local tables only.
  'select 1 from record r where exists (select from practice p where p.practice_id = r.practice_id)',
];

/** Queries of which each node may send any number of rows to the coordinator. */
const UNBOUNDED = [
  'select id from resource where type = $1',
  `with found as materialized (select record_id from resource where codes && $1)
   select record_id from found limit 1001`,
  'select u.id from (select id from resource where practice_id = $1 union all select id from resource) u limit 9',
  'select type, count(*) from resource where practice_id = $1 group by type',
];
const BOUNDED = [
  'select record_id from resource where codes && $1 limit 1001',
  `select u.id from ((select id from resource where practice_id = $1 limit 9)
   union all (select id from resource where practice_id = $2 limit 9)) u limit 9`,
  'select id from resource where record_id = any($1) and type = $2',
  'with held as materialized (select record_id from resource where id = $1) select record_id from held',
  'select count(*) from resource where practice_id = $1',
  'select r.id from record r where r.practice_id = $1',
];

describe('statements on a database that Citus distributes by patient record', () => {
  it('rejects what Citus can’t run', () => {
    for (const [violation, texts] of Object.entries(REJECTED))
      for (const text of texts) expect(findViolations(text), text).toEqual([violation]);
  });

  it('accepts what Citus can run', () => {
    for (const text of ALLOWED) expect(findViolations(text), text).toEqual([]);
  });

  it('recognizes queries that return any number of rows from each node', () => {
    for (const text of UNBOUNDED) expect(isBounded(text), text).toBe(false);
    for (const text of BOUNDED) expect(isBounded(text), text).toBe(true);
  });

  it('every declared statement can run', () => {
    const found = allStatements().flatMap(({ name, text }) => findViolations(text).map((one) => `${name}: ${one}`));
    expect(found).toEqual([]);
  });

  it('lists and reports of the practice portal read no worker', () => {
    const readsWorkers = new RegExp(`\\b(from|join|into|update)\\s+(${DISTRIBUTED_TABLES.join('|')})\\b`);
    const ofPortal = allStatements().filter(({ name }) => /^(desk|enrollment\.patient-list)\./.test(name));
    expect(ofPortal.length).toBeGreaterThan(20);
    expect(ofPortal.filter(({ text }) => readsWorkers.test(text))).toEqual([]);
  });
});
