import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { AccountId } from '../kernel/index.ts';
import type { BrandsBundle } from './bundle-types.ts';
import type { BrandChange } from './timestamps.ts';

const COLUMNS = {
  version: 'int4',
  published_at: 'timestamptz',
  content: 'text',
  hash: 'bytea',
} as const;
const latest = statement(
  'portal.brands.latest',
  COLUMNS,
  'select version, published_at, content, hash from brands_version order by version desc limit 1',
);
const find = statement(
  'portal.brands.find',
  COLUMNS,
  'select version, published_at, content, hash from brands_version where version = $1',
);
/**
 * Inserts a version of the bundle. If two processes publish at the same time, only one inserts its
 * row. The other gets no row back and has to start again.
 */
const insert = statement(
  'portal.brands.insert',
  { version: 'int4' },
  `insert into brands_version (version, published_at, published_by, content, hash, changes)
   values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning version`,
);
const deleteOld = statement(
  'portal.brands.delete-old-made-up',
  {},
  'delete from brands_version where version <= $1 and visitor_id is not null',
);
const history = statement(
  'portal.brands.history',
  { version: 'int4', published_at: 'timestamptz', display_name: 'text?', changes: 'jsonb' },
  `select v.version, v.published_at, a.display_name, v.changes
   from brands_version v left join account a on a.account_id = v.published_by
   order by v.version desc limit $1`,
);

export interface PublishedBrandsVersion {
  readonly version: number;
  readonly publishedAt: Date;
  /** The JSON text of the bundle, exactly as it is served. */
  readonly content: string;
  readonly hash: Buffer;
  readonly bundle: BrandsBundle;
}

export async function latestPublished(db: Executor): Promise<PublishedBrandsVersion | undefined> {
  return toPublished(await db.query(latest));
}

/** Returns the published version of the bundle with this number; undefined if there is none. */
export async function findPublished(db: Executor, version: number): Promise<PublishedBrandsVersion | undefined> {
  return toPublished(await db.query(find, [version]));
}

const toPublished = ([row]: readonly RowOf<typeof COLUMNS>[]): PublishedBrandsVersion | undefined =>
  row === undefined
    ? undefined
    : {
        version: row.version,
        publishedAt: row.published_at,
        content: row.content,
        hash: row.hash,
        bundle: JSON.parse(row.content) as BrandsBundle,
      };

export interface NewBrandsVersion {
  readonly version: number;
  readonly publishedAt: Date;
  /** Account that published the version. undefined if the server published it automatically. */
  readonly by: AccountId | undefined;
  readonly content: string;
  readonly hash: Buffer;
  readonly changes: readonly BrandChange[];
}

/**
 * Stores a version of the bundle.
 * @returns false if another process has stored a version with that number
 */
export async function insertBrandsVersion(tx: Executor, made: NewBrandsVersion): Promise<boolean> {
  const { version, publishedAt, by, content, hash, changes } = made;
  const values = [version, publishedAt, by ?? null, content, hash, JSON.stringify(changes)];
  return (await tx.query(insert, values)).length > 0;
}

/** Deletes the made-up versions of a visitor up to the given one. Published versions stay forever. */
export async function deleteOldMadeUpVersions(tx: Executor, version: number): Promise<void> {
  await tx.query(deleteOld, [version]);
}

export interface BrandsVersionSummary {
  readonly version: number;
  readonly publishedAt: Date;
  /** Name of the person who published the version. null if the server published it automatically. */
  readonly by: string | null;
  readonly changes: readonly BrandChange[];
}

/** Returns the published versions of the bundle, newest first. */
export async function listBrandsVersions(db: Executor, limit: number): Promise<readonly BrandsVersionSummary[]> {
  return (await db.query(history, [limit])).map((row) => ({
    version: row.version,
    publishedAt: row.published_at,
    by: row.display_name,
    changes: row.changes as readonly BrandChange[],
  }));
}
