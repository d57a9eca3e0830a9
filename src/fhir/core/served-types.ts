import type { Api } from '../../access/index.ts';
import { namesOf } from './context.ts';
import { conditionsOf } from './granular.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Every type that some version serves, by its stored name, and the other names they have. */
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

/** What all of these versions have under a name beside the type that it first of all is, as a client would call it. */
function alsoNamed(versions: readonly FhirVersion[], type: string): readonly string[] {
  const [first = [], ...others] = versions.map(({ types }) =>
    (types.find(({ name }) => name === type)?.also ?? []).flatMap((form) => namesOf(form).slice(-1)),
  );
  return first.filter((name) => others.every((names) => names.includes(name)));
}

/** Lists of patients: no patient and no member of staff is shown who else is in one. */
const OF_SYSTEM = ['Group'];

const enforcesScope = (version: FhirVersion, type: string, query: string): boolean =>
  version.types.some((served) => namesOf(served).includes(type) && isApplicable(query, version, served));

/** Neither the address of the API nor the time decides whether a value can be read. */
const isApplicable = (query: string, version: FhirVersion, served: ServedType): boolean =>
  conditionsOf(query, { version, served, base: '', now: new Date(0) }) !== undefined;
