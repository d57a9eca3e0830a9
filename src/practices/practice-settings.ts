import { type Executor, statement } from '../database/index.ts';
import type { PracticeKind } from '../domain/index.ts';
import type { PracticeId } from '../kernel/index.ts';
import type { Logo } from './logo.ts';
import { isPracticeNameTaken } from './practices.ts';
import { findMissingBrandDetails, type MissingBrandDetail } from './published.ts';

/** Details of a practice that patients see. A missing detail is ''. */
export interface PracticeDetails {
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly website: string;
  readonly address: string;
  /** National Provider Identifier of the practice; '' if unknown. */
  readonly npi: string;
  /** The practice's color as `#rrggbb`; '' for the default color. */
  readonly color: string;
  /** IANA name of the practice's time zone. */
  readonly timeZone: string;
}

/** Settings of a practice, as the practice's own administrator sees them. */
export interface PracticeSettings extends PracticeDetails {
  readonly practiceId: PracticeId;
  readonly kind: PracticeKind;
  /** True if the practice's API is turned on, so that apps can read from it. */
  readonly enabled: boolean;
  /**
   * True for a sandbox practice while the operator has turned the sandbox off. Only the operator can turn the
   * practice's API on again.
   */
  readonly closedByOperator: boolean;
  readonly hasLogo: boolean;
  /** Missing details without which the practice isn't published in the list of service base URLs. */
  readonly missing: readonly MissingBrandDetail[];
}

const find = statement(
  'practices.settings',
  {
    practice_id: 'int4',
    kind: 'text',
    name: 'text',
    phone: 'text?',
    email: 'text?',
    website: 'text?',
    address: 'text?',
    npi: 'text?',
    locations: '_text?',
    color: 'text?',
    time_zone: 'text',
    enabled: 'bool',
    shut: 'bool',
    has_logo: 'bool',
  },
  `select p.practice_id, p.kind, p.name, p.phone, p.email, p.website, p.address, b.npi, b.locations, p.color, p.time_zone,
     p.enabled, p.shut, p.logo is not null as has_logo
   from practice p left join practice_brand b using (practice_id) where p.practice_id = $1`,
);
const updateDetails = statement(
  'practices.keep-details',
  { practice_id: 'int4' },
  `update practice set name = $2, phone = nullif($3, ''), email = nullif($4, ''), website = nullif($5, ''),
     address = nullif($6, ''), color = nullif($7, ''), time_zone = $8
   where practice_id = $1 and not exists (
     select from practice other where other.practice_id <> $1 and lower(other.name) = lower($2))
   returning practice_id`,
);
const upsertNpi = statement(
  'practices.keep-npi',
  {},
  `insert into practice_brand (practice_id, npi) values ($1, nullif($2, ''))
   on conflict (practice_id) do update set npi = excluded.npi`,
);
const completeMissing = statement(
  'practices.complete-details',
  {},
  `with addressed as (
     update practice set address = coalesce(address, $2), phone = coalesce(phone, $4::text)
     where practice_id = $1 and (address is null or phone is null))
   insert into practice_brand (practice_id, npi) values ($1, $3)
   on conflict (practice_id) do update set npi = excluded.npi where practice_brand.npi is null`,
);
const updateLogo = statement(
  'practices.keep-logo',
  {},
  'update practice set logo = $2, logo_type = $3 where practice_id = $1',
);
const updateEnabled = statement(
  'practices.enable',
  { practice_id: 'int4' },
  'update practice set enabled = $2 where practice_id = $1 and enabled <> $2 and not (shut and $2) returning practice_id',
);

/** Returns the settings of a practice; `undefined` if there is no such practice. */
export async function findPracticeSettings(
  db: Executor,
  practiceId: PracticeId,
): Promise<PracticeSettings | undefined> {
  const [row] = await db.query(find, [practiceId]);
  if (row === undefined) return undefined;
  return {
    practiceId: row.practice_id as PracticeId,
    kind: row.kind as PracticeKind,
    name: row.name,
    phone: row.phone ?? '',
    email: row.email ?? '',
    website: row.website ?? '',
    address: row.address ?? '',
    npi: row.npi ?? '',
    color: row.color ?? '',
    timeZone: row.time_zone,
    enabled: row.enabled,
    closedByOperator: row.shut,
    hasLogo: row.has_logo,
    missing: findMissingBrandDetails({
      address: row.address ?? undefined,
      locations: row.locations ?? [],
      npi: row.npi ?? undefined,
    }),
  };
}

/** Stores the details of a practice. @returns false if another practice has the name */
export async function savePracticeDetails(
  tx: Executor,
  practiceId: PracticeId,
  details: PracticeDetails,
): Promise<boolean> {
  const { name, phone, email, website, address, npi, color, timeZone } = details;
  if (await isPracticeNameTaken(tx, name, practiceId)) return false;
  const updated = await tx.query(updateDetails, [practiceId, name, phone, email, website, address, color, timeZone]);
  if (updated.length === 0) return false;
  await tx.query(upsertNpi, [practiceId, npi]);
  return true;
}

/** Fills in the address, phone number and NPI of a practice if they are missing. Existing values stay. */
export async function completePracticeDetails(
  db: Executor,
  practiceId: PracticeId,
  { address, npi, phone }: Pick<PracticeDetails, 'address' | 'npi'> & Partial<Pick<PracticeDetails, 'phone'>>,
): Promise<void> {
  await db.query(completeMissing, [practiceId, address, npi, phone ?? null]);
}

/** Stores the logo of a practice. @param picture `undefined` removes the logo */
export async function savePracticeLogo(tx: Executor, practiceId: PracticeId, picture: Logo | undefined): Promise<void> {
  await tx.query(updateLogo, [practiceId, picture?.bytes ?? null, picture?.type ?? null]);
}

/**
 * Turns a practice's API on or off.
 * @returns false if nothing changed, for example because the operator has turned the sandbox off
 */
export async function setPracticeEnabled(tx: Executor, practiceId: PracticeId, enabled: boolean): Promise<boolean> {
  return (await tx.query(updateEnabled, [practiceId, enabled])).length > 0;
}
