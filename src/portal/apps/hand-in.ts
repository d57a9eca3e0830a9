import {
  type App,
  type AppTerms,
  approveByItself,
  handIn,
  lockApp,
  type Outcome,
  secretAfter,
} from '../../registry/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import type { Changing } from './change.ts';
import { draftOf, termsOfDraft } from './draft.ts';
import { draftFaults, requireNoFaults } from './draft-faults.ts';

export interface Done {
  readonly waits: string[];
  readonly applied: string[];
  readonly clientSecret: string | null;
}

/** Submits a draft. Throws `fields-invalid`, and `proof-needed` if credentials change. */
export async function handInDraft(deps: PortalDeps, changing: Changing, draft: AppDraft): Promise<Done> {
  const { tx, app, by, record } = changing;
  requireNoFaults(await draftFaults(tx, draft, app, { ...deps, app }));
  const wanted = termsOfDraft(draft, app);
  if (differ(app, wanted, CREDENTIALS).length > 0) changing.requireProof();
  const outcome = await handIn(tx, deps, app, { wanted, by });
  const clientSecret = await secretAfter(tx, deps, app, wanted.auth);
  if (clientSecret !== undefined) await record('secret-made', {});
  return { ...(await settle(deps, changing, outcome)), clientSecret: clientSecret ?? null };
}

/**
 * Approves automatically if the server may, records the changed fields, and returns what waits and
 * what is in effect.
 */
export async function settle(
  deps: PortalDeps,
  { tx, app, record }: Pick<Changing, 'tx' | 'app' | 'record'>,
  { waits, version }: Outcome,
): Promise<Pick<Done, 'waits' | 'applied'>> {
  const after = await lockApp(tx, deps.clock, app.clientId);
  const approved = await approveByItself(tx, deps, after);
  const now = approved ? await lockApp(tx, deps.clock, app.clientId) : after;
  const applied = appliedTo(app, now);
  if (applied.length > 0) await record('changed', { fields: applied }, version);
  return { waits: approved ? [] : [...waits], applied };
}

function appliedTo(before: App, now: App): string[] {
  const logoChange = before.logoVersion === now.logoVersion ? [] : ['logo'];
  return [...differ(before, now, Object.keys({ ...draftOf(before), ...draftOf(now) }) as Field[]), ...logoChange];
}

type Field = keyof AppDraft;
/** Fields that determine how an app authenticates. */
const CREDENTIALS = ['auth', 'jwks', 'jwksUri', 'dpopBound'] as const;

function differ(one: AppTerms, other: AppTerms, fields: readonly Field[]): string[] {
  const [before, after] = [draftOf(one), draftOf(other)];
  return fields.filter((field) => canonical(before[field]) !== canonical(after[field]));
}

/** Sorts object members, because PostgreSQL (jsonb) doesn't keep their order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_name, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? '';
