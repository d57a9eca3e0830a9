import { type Executor, statement } from '../database/index.ts';
import type { PracticeKind } from '../domain/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/** Brand information about one practice, which the server publishes for apps. The patient pages don't show it. */
export interface PracticeBrandInfo {
  /** National Provider Identifier; `undefined` if unknown. */
  readonly npi: string | undefined;
  /** Category of the practice: a code of user-access-category, SMART App Launch 2.2. */
  readonly category: string;
  /** Other names of the practice that patients may search for. */
  readonly aliases: readonly string[];
  /** Addresses of locations besides the main address, one line for each location. */
  readonly locations: readonly string[];
  /** The practice whose patient portal this practice shares; `undefined` if it has its own. */
  readonly partOf: PracticeId | undefined;
}

/** A practice as apps see it in the published brands. */
export interface PublishedPractice extends PracticeBrandInfo {
  readonly practiceId: PracticeId;
  readonly kind: PracticeKind;
  readonly enabled: boolean;
  readonly name: string;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  readonly website: string | undefined;
  /** Postal address in several lines, as on an envelope. */
  readonly address: string | undefined;
  /** Path of the practice's logo on this server; `undefined` if there is none. */
  readonly logo: string | undefined;
}

const list = statement(
  'practices.published.list',
  {
    practice_id: 'int4',
    kind: 'text',
    enabled: 'bool',
    name: 'text',
    phone: 'text?',
    email: 'text?',
    website: 'text?',
    address: 'text?',
    logo_hash: 'text?',
    npi: 'text?',
    category: 'text?',
    aliases: '_text?',
    locations: '_text?',
    part_of: 'int4?',
  },
  `select p.practice_id, p.kind, p.enabled, p.name, p.phone, p.email, p.website, p.address,
     left(encode(sha256(p.logo), 'hex'), 8) as logo_hash, b.npi, b.category, b.aliases, b.locations, b.part_of
   from branded_practice p left join practice_brand b using (practice_id) order by p.practice_id`,
);
const upsertBrandInfo = statement(
  'practices.published.keep',
  {},
  `insert into practice_brand (practice_id, npi, category, aliases, locations, part_of) values ($1, $2, $3, $4, $5, $6)
   on conflict (practice_id) do update set npi = excluded.npi, category = excluded.category,
     aliases = excluded.aliases, locations = excluded.locations, part_of = excluded.part_of`,
);

const insertMadeUp = statement(
  'practices.made-up.add',
  { practice_id: 'int4' },
  `insert into made_up_practice (name, phone, email, website, address) values ($1, $2, $3, $4, $5)
   returning practice_id`,
);

/**
 * Lists all practices, including those whose API is off. In a made-up space, lists the visitor's made-up practices and
 * no others.
 */
export async function listPublishedPractices(db: Executor): Promise<readonly PublishedPractice[]> {
  return (await db.query(list)).map((row) => ({
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as PracticeKind,
    enabled: row.enabled,
    name: row.name,
    phone: row.phone ?? undefined,
    email: row.email ?? undefined,
    website: row.website ?? undefined,
    address: row.address ?? undefined,
    logo: row.logo_hash === null ? undefined : `/brand/${row.practice_id}/logo?v=${row.logo_hash}`,
    npi: row.npi ?? undefined,
    category: row.category ?? 'prov',
    aliases: row.aliases ?? [],
    locations: row.locations ?? [],
    partOf: (row.part_of ?? undefined) as PracticeId | undefined,
  }));
}

/**
 * A detail that a practice lacks for the list of service base URLs. 45 CFR 170.404(b)(2) requires the location and
 * facility identifier of each organization.
 */
export type MissingBrandDetail = 'location' | 'identifier';

/**
 * Returns the details that a practice lacks for the list of service base URLs. The list is empty if the practice can be
 * published.
 */
export const findMissingBrandDetails = ({
  address,
  locations,
  npi,
}: {
  readonly address: string | undefined;
  readonly locations: readonly string[];
  readonly npi: string | undefined;
}): readonly MissingBrandDetail[] => [
  ...(address || locations.length > 0 ? [] : (['location'] as const)),
  ...(npi ? [] : (['identifier'] as const)),
];

/** Stores the brand information of a practice. */
export async function savePracticeBrandInfo(
  tx: Executor,
  practiceId: PracticeId,
  facts: PracticeBrandInfo,
): Promise<void> {
  const { npi, category, aliases, locations, partOf } = facts;
  await tx.query(upsertBrandInfo, [practiceId, npi ?? null, category, aliases, locations, partOf ?? null]);
}

/** A made-up practice of the sandbox. It has a brand, and can have no patients. */
export interface MadeUpPractice extends PracticeBrandInfo {
  readonly name: string;
  readonly phone: string | undefined;
  readonly email: string | undefined;
  readonly website: string | undefined;
  readonly address: string | undefined;
}

/** Adds a made-up practice to the made-up space of a transaction. Fails outside of one. */
export async function addMadeUpPractice(tx: Executor, practice: MadeUpPractice): Promise<PracticeId> {
  const { name, phone, email, website, address } = practice;
  const values = [name, phone ?? null, email ?? null, website ?? null, address ?? null];
  const [row] = await tx.query(insertMadeUp, values);
  if (row === undefined) throw new Error('a made-up practice was not added');
  const practiceId = row.practice_id as PracticeId;
  await savePracticeBrandInfo(tx, practiceId, practice);
  return practiceId;
}

/**
 * Tells whether a text is a valid NPI (45 CFR 162.406): ten digits, the last of which is a check digit. The check digit
 * is computed with the prefix 80840 (ISO/IEC 7812-1, annex B).
 */
export function isNpi(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false;
  const digits = [...`80840${text}`].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const counted = index % 2 === 1 ? digit * 2 : digit;
    return total + (counted > 9 ? counted - 9 : counted);
  }, 0);
  return sum % 10 === 0;
}
