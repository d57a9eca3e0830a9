import { hasNamed, type Scope } from '../../access/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ConsentLine, ConsentPage, ServedTypes } from '../ports.ts';
import { typesOf, withoutDenied } from '../scopes.ts';
import { CATEGORIES, SUPPORTING } from './categories.ts';

/** Patient says whose data it is: if asked for, it goes along. */
const LOCKED = 'Patient';

/** The lines of the consent page: one for each kind of data asked for. @param denied what was refused the last time */
export function consentLines(
  scopes: readonly Scope[],
  denied: readonly string[],
  types: ServedTypes,
): readonly ConsentLine[] {
  const asked = typesOf(scopes, types);
  return Object.entries(CATEGORIES)
    .filter(([type]) => asked.has(type))
    .map(([type, category]) => {
      const locked = type === LOCKED;
      return { type, ...category, locked, ticked: locked || !denied.includes(type) };
    });
}

/** Whether types without a line are asked for. */
export const asksSupporting = (scopes: readonly Scope[], types: ServedTypes): boolean =>
  SUPPORTING.some((type) => typesOf(scopes, types).has(type));

/** Named `offline_access` starts ticked; registered, but not asked for by a client that names no scope, unticked. */
export function offlineBox(scopes: readonly Scope[], guide: boolean): ConsentPage['offline'] {
  if (!hasNamed(scopes, 'offline_access')) return undefined;
  return { ticked: !guide, days: LIFETIMES.offlineRefresh / 86_400 };
}

export interface Decision {
  /** Types whose line was ticked. */
  readonly allowed: readonly string[];
  readonly offline: boolean;
}

export interface Consented {
  readonly scopes: readonly Scope[];
  /** Types that had a line. */
  readonly shown: readonly string[];
  readonly denied: readonly string[];
}

/** What the person's choice leaves of what may be granted; undefined when it leaves no data at all. It never adds. */
export function applyDecision(scopes: readonly Scope[], decision: Decision, types: ServedTypes): Consented | undefined {
  const lines = consentLines(scopes, [], types);
  const denied = lines.filter((line) => !line.locked && !decision.allowed.includes(line.type)).map((line) => line.type);
  if (lines.length > 0 && denied.length === lines.length) return undefined;
  const kept = withoutDenied(scopes, denied, types).filter(
    (scope) => decision.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: kept, shown: lines.map((line) => line.type), denied };
}
