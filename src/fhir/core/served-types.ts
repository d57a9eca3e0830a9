import { namesOf } from './context.ts';
import { conditionsOf } from './granular.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Every type that some version serves, by its stored name, and the other names they have. */
export function servedTypes(versions: readonly FhirVersion[]): {
  readonly names: readonly string[];
  readonly inRecord: readonly string[];
  readonly ofSystem: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly enforces: (type: string, query: string) => boolean;
} {
  const types = versions.flatMap((version) => version.types);
  const renamed = types.filter((type) => type.name !== type.stored);
  return {
    names: [...new Set(types.map((type) => type.stored))],
    inRecord: [...new Set(types.filter(({ home }) => home === 'record').map(({ stored }) => stored))],
    ofSystem: OF_SYSTEM,
    aliases: Object.fromEntries(renamed.map((type) => [type.name, type.stored])),
    enforces: (type, query) => versions.some((version) => enforcesScope(version, type, query)),
  };
}

/** Lists of patients: no patient and no member of staff is shown who else is in one. */
const OF_SYSTEM = ['Group'];

const enforcesScope = (version: FhirVersion, type: string, query: string): boolean =>
  version.types.some((served) => namesOf(served).includes(type) && isApplicable(query, version, served));

/** Neither the address of the API nor the time decides whether a value can be read. */
const isApplicable = (query: string, version: FhirVersion, served: ServedType): boolean =>
  conditionsOf(query, { version, served, base: '', now: new Date(0) }) !== undefined;
