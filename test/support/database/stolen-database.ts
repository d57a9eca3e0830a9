import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Executor } from '../../../src/database/index.ts';

const TABLES = `select c.oid::regclass::text as name from pg_class c
  where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and c.relkind in ('r', 'p')
    and not c.relispartition order by name`;

/** Forms in which a secret could be in a dump. */
export const formsOf = (secret: Buffer): readonly string[] => [
  secret.toString('hex'),
  secret.toString('base64url'),
  secret.toString('base64').replace(/=+$/, ''),
];

/** Characters of a secret that a search looks for: enough that no other text has them. */
const SEARCHED = 24;

/** Tables with secrets and keys. */
const SECRET_TABLES = ['data_key', 'mail', 'signing_key', 'totp'];

/** Returns the names of the tables with secrets in which a row contains one of the texts. */
export const findInSecretTables = (db: Executor, texts: readonly string[]): Promise<readonly string[]> =>
  search(db, SECRET_TABLES, texts);

/** Returns the names of all tables with a row that contains one of the texts. */
export async function findInTables(db: Executor, texts: readonly string[]): Promise<readonly string[]> {
  const tables = await db.queryText<{ name: string }>(TABLES, []);
  return search(
    db,
    tables.map(({ name }) => name),
    texts,
  );
}

async function search(db: Executor, tables: readonly string[], texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const searched = texts.map((text) => text.slice(0, SEARCHED));
  for (const name of tables) {
    const rows = await db.queryText<{ text: string }>(`select t::text as text from ${name} t`, []);
    const all = rows.map(({ text }) => text).join('\n');
    if (searched.some((text) => all.includes(text))) found.push(name);
  }
  return found;
}

/** Returns all values of the tables with secrets and keys: bytes, and other values as text. */
export async function readSecretTables(db: Executor): Promise<readonly (Buffer | string)[]> {
  const values: (Buffer | string)[] = [];
  for (const table of SECRET_TABLES)
    for (const row of await db.queryText<Record<string, unknown>>(`select * from ${table}`, []))
      for (const value of Object.values(row))
        if (Buffer.isBuffer(value)) values.push(value);
        else if (value !== null) values.push(typeof value === 'string' ? value : JSON.stringify(value));
  return values;
}

/** Returns all parts of a length of the values. */
export const partsOf = (values: readonly (Buffer | string)[], length: number): readonly Buffer[] =>
  values
    .filter((value) => Buffer.isBuffer(value))
    .flatMap((bytes) =>
      Array.from({ length: Math.max(0, bytes.length - length + 1) }, (_, at) => bytes.subarray(at, at + length)),
    );

/** Private keys that can be found in a dump, as JWK, PEM or DER. */
export function findPrivateKeys(values: readonly (Buffer | string)[]): readonly KeyObject[] {
  return values.flatMap((value) => {
    const attempts = Buffer.isBuffer(value)
      ? (['pkcs8', 'pkcs1', 'sec1'] as const).map((type) => () => createPrivateKey({ key: value, format: 'der', type }))
      : [() => createPrivateKey({ key: JSON.parse(value), format: 'jwk' }), () => createPrivateKey(value)];
    return attempts.flatMap((attempt) => {
      try {
        return [attempt()];
      } catch {
        return [];
      }
    });
  });
}
