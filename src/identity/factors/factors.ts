import { type Executor, statement } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/** The authentication factors of an account, and the properties that decide which factors sign-in requires. */
export interface Factors {
  readonly kind: AccountKind;
  readonly published: boolean;
  readonly language: Language;
  readonly password: boolean;
  readonly passkeys: number;
  /** Whether an authenticator app (TOTP) is set up. */
  readonly totp: boolean;
  /** Number of unused recovery codes. */
  readonly recoveryCodes: number;
}

const find = statement(
  'people.factors',
  {
    kind: 'text',
    published: 'bool',
    language: 'text',
    password: 'bool',
    passkeys: 'int4',
    totp: 'bool',
    recovery_codes: 'int4',
  },
  `select a.kind, a.published, a.language, a.password_hash is not null as password,
     (select count(*) from passkey p where p.account_id = a.account_id)::int as passkeys,
     exists (select from totp t where t.account_id = a.account_id and t.confirmed_at is not null) as totp,
     (select count(*) from recovery_code c where c.account_id = a.account_id and c.used_at is null)::int
       as recovery_codes
   from account a where a.account_id = $1 and a.closed_at is null`,
);

/**
 * SQL condition: the account has an authenticator app or a passkey.
 * @param accountId SQL expression for the account id
 */
export const hasAnyFactorSql = (accountId: string): string =>
  `(exists (select from totp t where t.account_id = ${accountId} and t.confirmed_at is not null)
    or exists (select from passkey k where k.account_id = ${accountId}))`;

/** Returns the factors of an open account. */
export async function findFactors(db: Executor, accountId: AccountId): Promise<Factors | undefined> {
  const [row] = await db.query(find, [accountId]);
  if (row === undefined) return undefined;
  return {
    kind: row.kind as AccountKind,
    published: row.published,
    language: row.language as Language,
    password: row.password,
    passkeys: row.passkeys,
    totp: row.totp,
    recoveryCodes: row.recovery_codes,
  };
}

/**
 * Tells whether sign-in requires a second factor after the password. It never does for shared sandbox accounts, whose
 * passwords are public.
 */
export const hasSecondFactor = ({ published, passkeys, totp }: Factors): boolean =>
  !published && (totp || passkeys > 0);
