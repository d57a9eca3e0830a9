import type { Api } from '../../access/index.ts';
import { namesOf } from './context.ts';
import { conditionsOf } from './granular.ts';
import type { FhirVersion, ServedType } from './version.ts';

/**
 * Lists the types that any version serves, by stored name, with their other names and the scopes that can be enforced.
 */
export function servedTypes(versions: readonly FhirVersion[]): {
  readonly names: readonly string[];
  readonly inRecord: readonly string[];
  readonly ofSystem: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly alsoNamed: (apis: readonly Api[], type: string) => readonly string[];
  readonly enforces: (type: string, query: string) => boolean;
} {
  const types = versions.flatMap((version) => version.types);
  const renamed = types.filter((type) => type.name !== type.stored);
  return {
    names: [...new Set(types.map((type) => type.stored))],
    inRecord: [...new Set(types.filter(({ home }) => home === 'record').map(({ stored }) => stored))],
    ofSystem: OF_SYSTEM,
    aliases: Object.fromEntries(renamed.map((type) => [type.name, type.stored])),
    alsoNamed: (apis, type) =>
      alsoNamed(
        versions.filter(({ api }) => apis.includes(api)),
        type,
      ),
    enforces: (type, query) => versions.some((version) => enforcesScope(version, type, query)),
  };
}

/** Scope names of further variants that all of these versions serve under a type's name. */
function alsoNamed(versions: readonly FhirVersion[], type: string): readonly string[] {
  const [first = [], ...others] = versions.map(({ types }) =>
    (types.find(({ name }) => name === type)?.also ?? []).flatMap((form) => namesOf(form).slice(-1)),
  );
  return first.filter((name) => others.every((names) => names.includes(name)));
}

/** Types for backend apps only. A Group lists patients, and neither patients nor staff may see who else is in it. */
const OF_SYSTEM = ['Group'];

const enforcesScope = (version: FhirVersion, type: string, query: string): boolean =>
  version.types.some((served) => namesOf(served).includes(type) && isApplicable(query, version, served));

/** The base URL and the time don't affect whether a value can be parsed, so any will do. */
const isApplicable = (query: string, version: FhirVersion, served: ServedType): boolean =>
  conditionsOf(query, { version, served, base: '', now: new Date(0) }) !== undefined;
