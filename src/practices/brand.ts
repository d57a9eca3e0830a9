import { type Executor, type RowOf, statement } from '../database/index.ts';
import { colorStylesheet } from '../design/index.ts';
import type { PageBrand } from '../i18n/index.ts';
import { type PracticeId, sha256 } from '../kernel/index.ts';
import { type AdjustedColors, accentColors } from './brand-colors.ts';
import type { Logo } from './logo.ts';

const COLUMNS = {
  name: 'text',
  phone: 'text?',
  email: 'text?',
  website: 'text?',
  color: 'text?',
  logo: 'bytea?',
  logo_type: 'text?',
} as const;
const find = statement(
  'practices.brand',
  COLUMNS,
  'select name, phone, email, website, color, logo, logo_type from practice where practice_id = $1',
);

/**
 * Returns what the patient pages of a practice show: name, contact details, and the addresses of logo and style sheet.
 * Returns `undefined` if there is no such practice.
 */
export async function findBrand(db: Executor, practiceId: PracticeId): Promise<PageBrand | undefined> {
  const [row] = await db.query(find, [practiceId]);
  if (row === undefined) return undefined;
  const version = (content: string | Buffer): string => sha256(content).toString('hex', 0, 4);
  return {
    name: row.name,
    logo: row.logo === null ? undefined : `/brand/${practiceId}/logo?v=${version(row.logo)}`,
    style: row.color === null ? undefined : `/brand/${practiceId}/style.css?v=${version(row.color)}`,
    phone: row.phone ?? undefined,
    email: row.email ?? undefined,
    website: row.website ?? undefined,
  };
}

/** Returns the logo of a practice; `undefined` if it has none. */
export async function findLogo(db: Executor, practiceId: PracticeId): Promise<Logo | undefined> {
  const [row] = await db.query(find, [practiceId]);
  return toLogo(row);
}

/** Returns a style sheet with the practice's color, for light and dark pages; `undefined` if the practice has none. */
export async function findStyle(db: Executor, practiceId: PracticeId): Promise<string | undefined> {
  const colors = await findAccentColors(db, practiceId);
  return colors && colorStylesheet(colors.light, colors.dark);
}

const findColor = statement(
  'practices.color',
  { color: 'text' },
  'select color from practice where practice_id = $1 and color is not null',
);

/** Returns the practice's color, adjusted for light and dark backgrounds; `undefined` if the practice has none. */
export async function findAccentColors(db: Executor, practiceId: PracticeId): Promise<AdjustedColors | undefined> {
  const [row] = await db.query(findColor, [practiceId]);
  return row && accentColors(row.color);
}

const toLogo = (row: RowOf<typeof COLUMNS> | undefined): Logo | undefined =>
  row?.logo == null || row.logo_type === null ? undefined : { type: row.logo_type as Logo['type'], bytes: row.logo };
