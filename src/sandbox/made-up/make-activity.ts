import type { MadeUpActivity } from '../../apps/index.ts';
import type { AppAuthMethod } from '../../domain/index.ts';
import { type ClientId, days, hours, minutes, type RecordId, seconds } from '../../kernel/index.ts';
import { type SeededRandom, seededRandom } from '../generator/seeded-random.ts';

/** Number of days that the made-up activity goes back. */
const HISTORY_DAYS = 14;

/** Maximum number of resources of a type that a search returns. All other types return one. */
const MAX_RESOURCES: Readonly<Record<string, number>> = {
  AllergyIntolerance: 3,
  Condition: 8,
  MedicationRequest: 7,
  Observation: 50,
};

/** How people use a made-up app. */
export interface MadeUpUse {
  readonly sessionsPerDay: number;
  /** Share of sessions that begin with an authorization, from 0 to 1. The others refresh a token. */
  readonly newShare: number;
  /** Types that the app reads in each session. */
  readonly types: readonly string[];
  /** A type that the app requests now and then without having the scope. */
  readonly missingType: string;
  /** An hour in which many refreshes failed. */
  readonly failedRefreshes?: { readonly hoursAgo: number; readonly count: number };
  /** Number of days since the app was first used, if fewer than two weeks. */
  readonly days?: number;
}

/** The app whose activity is made up. */
export interface ActiveApp {
  readonly clientId: ClientId;
  /** Text that identifies the app in every copy. It is the seed of the activity. */
  readonly key: string;
  readonly auth: AppAuthMethod;
  readonly scope: string;
}

/**
 * Makes up two weeks of activity, up to now. Every request is about a sandbox patient.
 * @param recordIds records of sandbox patients
 */
export function makeActivity(
  app: ActiveApp,
  use: MadeUpUse,
  recordIds: readonly RecordId[],
  now: Date,
): readonly MadeUpActivity[] {
  if (recordIds.length === 0) return [];
  const today = Math.floor(now.getTime() / days(1));
  const used = Array.from({ length: use.days ?? HISTORY_DAYS }, (_, back) => today - back);
  const activity = used.flatMap((day) => activityOfDay(app, use, recordIds, day));
  return [...activity, ...failedRefreshes(app, use, now)].filter(({ at }) => at <= now);
}

function activityOfDay(app: ActiveApp, use: MadeUpUse, recordIds: readonly RecordId[], day: number): MadeUpActivity[] {
  const random = seededRandom('sandbox', 'made-up activity', app.key, String(day));
  const sessions = Math.max(1, Math.round(use.sessionsPerDay * random.between(0.6, 1.4)));
  return Array.from({ length: sessions }).flatMap(() => {
    // Hours in UTC, at which it is day in all of the United States.
    const at = day * days(1) + Math.floor(random.between(hours(13), hours(24) - minutes(1)));
    return activityOfSession(app, use, random.pick(recordIds), { at, random });
  });
}

interface SessionContext {
  readonly at: number;
  readonly random: SeededRandom;
}

function activityOfSession(
  app: ActiveApp,
  use: MadeUpUse,
  recordId: RecordId,
  { at, random }: SessionContext,
): MadeUpActivity[] {
  const isNew = random.chance(use.newShare);
  const begun = isNew ? authorization(app, { at, random }) : refresh(app, { at, random });
  if (!begun.hasToken) return begun.activity;
  const read = use.types.map((type, index) =>
    request(app, { type, recordId }, { at: at + seconds(3 + index), random }),
  );
  const data: MadeUpActivity[] = isNew ? [{ at: new Date(at + seconds(4)), step: 'data' }] : [];
  const extra = random.chance(0.12)
    ? [request(app, { type: use.missingType, recordId, isMissing: true }, { at: at + seconds(9), random })]
    : [];
  return [...begun.activity, ...read, ...data, ...extra];
}

interface Begun {
  readonly activity: MadeUpActivity[];
  readonly hasToken: boolean;
}

/** An authorization, which not every person completes. */
function authorization(app: ActiveApp, { at, random }: SessionContext): Begun {
  const opened = ['opened'] as const;
  const asked = [...opened, 'signed-in', 'asked'] as const;
  const steps = (names: readonly ('opened' | 'signed-in' | 'asked' | 'allowed' | 'denied' | 'exchanged')[]) =>
    names.map((step): MadeUpActivity => ({ at: new Date(at), step }));
  if (random.chance(0.15)) return { activity: steps(opened), hasToken: false };
  if (random.chance(0.1)) {
    const cause = 'The patient denied access.';
    const error = {
      clientId: app.clientId,
      endpoint: 'authorize',
      error: 'access_denied',
      cause,
      proved: false,
    } as const;
    const denied = { at: new Date(at), error: { ...error, status: 303, requestId: requestId(random) } };
    return { activity: [...steps([...asked, 'denied']), denied], hasToken: false };
  }
  return {
    activity: [...steps([...asked, 'allowed', 'exchanged']), token(app, 'authorization_code', { at, random })],
    hasToken: true,
  };
}

/** A refresh, which fails if the person disconnected the app. */
function refresh(app: ActiveApp, { at, random }: SessionContext): Begun {
  if (random.chance(0.03)) return { activity: [failedRefresh(app, at, random)], hasToken: false };
  return { activity: [token(app, 'refresh_token', { at, random })], hasToken: true };
}

function failedRefreshes(app: ActiveApp, { failedRefreshes: failed }: MadeUpUse, now: Date): MadeUpActivity[] {
  if (failed === undefined) return [];
  const hour = incidentHour(failed.hoursAgo, now);
  const random = seededRandom('sandbox', 'made-up incident', app.key);
  return Array.from({ length: failed.count }, () =>
    failedRefresh(app, hour + Math.floor(random.between(0, hours(1))), random),
  );
}

/** Returns the start of the hour in which many refreshes failed, in milliseconds. */
export const incidentHour = (hoursAgo: number, now: Date): number =>
  (Math.floor(now.getTime() / hours(1)) - hoursAgo) * hours(1);

const failedRefresh = ({ clientId }: ActiveApp, at: number, random: SeededRandom): MadeUpActivity => ({
  at: new Date(at),
  error: {
    clientId,
    endpoint: 'token',
    error: 'invalid_grant',
    cause:
      'This refresh token was already used 2 min ago, so all tokens of this access were revoked. Send the patient through authorize again.',
    proved: true,
    status: 400,
    requestId: requestId(random),
  },
});

const token = (
  { clientId, auth, scope }: ActiveApp,
  grantType: 'authorization_code' | 'refresh_token',
  { at, random }: SessionContext,
): MadeUpActivity => ({
  at: new Date(at + seconds(1)),
  token: { clientId, grantType, auth, scope, requestId: requestId(random), milliseconds: random.integer(12, 40) },
});

function request(
  { clientId }: ActiveApp,
  {
    type,
    recordId,
    isMissing = false,
  }: { readonly type: string; readonly recordId: RecordId; readonly isMissing?: boolean },
  { at, random }: SessionContext,
): MadeUpActivity {
  const isRead = type === 'Patient';
  const resources = random.integer(1, MAX_RESOURCES[type] ?? 1);
  const cause = `This access token does not allow searching ${type}. The patient did not allow it, or the app did not request it. Request a scope that includes ${type}.`;
  return {
    at: new Date(at),
    request: {
      clientId,
      api: 'r4',
      interaction: isRead ? 'read' : 'search',
      type,
      parameters: isRead ? [] : ['patient', ...(type === 'Observation' ? ['category'] : [])],
      unknownParameters: 0,
      contextRecordId: recordId,
      disclosedRecordIds: isMissing ? [] : [recordId],
      resources: isMissing ? 0 : resources,
      status: isMissing ? 403 : 200,
      milliseconds: random.integer(6, 90),
      rejection: isMissing ? { error: 'scope-denied', cause } : undefined,
      requestId: requestId(random),
      familyId: 'made-up',
      authorizedByPerson: true,
    },
  };
}

const requestId = (random: SeededRandom): string =>
  Array.from({ length: 16 }, () => random.integer(0, 15).toString(16)).join('');
