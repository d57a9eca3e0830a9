import type { Executor } from '../statement.ts';

/** A worker of the cluster. */
export interface Worker {
  /** Number that Citus gives it. It stays when a standby takes the worker's place. */
  readonly group: number;
  /** Host and port, such as `10.0.0.2:5432`. */
  readonly address: string;
}

/** Knows the worker that has the rows of a record. */
export interface ShardMap {
  readonly workers: readonly Worker[];
  workerOf(recordId: number): Worker | undefined;
}

/** Each shard has the records whose hashes begin with its lowest one, up to the next shard. */
const SELECT_SHARDS = `select s.shardminvalue::int4 as lowest, n.groupid as "group", n.nodename || ':' || n.nodeport as address
   from pg_dist_shard s join pg_dist_placement p on p.shardid = s.shardid
   join pg_dist_node n on n.groupid = p.groupid and n.noderole = 'primary'
   where s.logicalrelid = 'public.resource'::regclass order by 1`;

interface Shard extends Worker {
  readonly lowest: number;
}

/** Reads the map. Only the coordinator is asked. */
export async function readShardMap(db: Executor): Promise<ShardMap> {
  const shards = await db.queryText<Shard>(SELECT_SHARDS, []);
  return {
    workers: [...new Map(shards.map((shard) => [shard.group, shard])).values()],
    workerOf(recordId) {
      const hash = hashInt8(recordId);
      return shards.findLast(({ lowest }) => lowest <= hash);
    },
  };
}

/** Value with which PostgreSQL initializes its hash of four bytes. */
const HASH_START = (0x9e3779b9 + 4 + 3923095) | 0;

/** Hash of an int8 value that isn't negative, as PostgreSQL's `hashint8`, by which Citus distributes records. */
export function hashInt8(value: number): number {
  const half = (value % 2 ** 32) ^ Math.floor(value / 2 ** 32);
  let a = (HASH_START + half) | 0;
  let b = HASH_START;
  let c = HASH_START;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  return ((c ^ b) - rotate(b, 24)) | 0;
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
