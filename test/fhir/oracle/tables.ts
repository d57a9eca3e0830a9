import { commonOf } from '../../../src/fhir/core/common-parameters.ts';
import { r4 } from '../../../src/fhir/index.ts';
import { PARAMETERS } from '../../../src/fhir/store/parameters.ts';

/** A search parameter in the tables that define the server's search. */
export interface Line {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
  readonly implied: string | undefined;
  /** True if its values are Identifiers. */
  readonly isTyped: boolean;
}

/** Kinds for the oracle: two parameters that take no modifiers, and one with looser matching. */
const OWN_KINDS: Readonly<Record<string, string>> = { _id: 'id', _lastUpdated: 'instant', _security: 'label' };

export const LINES: readonly Line[] = r4.types.flatMap((served) =>
  [...served.parameters, ...commonOf(served)].map(({ name, kind }) => ({
    type: served.name,
    name,
    kind: OWN_KINDS[name] ?? kind,
    implied: impliedSystem(served.name, name),
    isTyped: Object.hasOwn(PARAMETERS[served.name]?.[name] ?? {}, 'typed'),
  })),
);

export const TYPES: readonly string[] = r4.types.map(({ name }) => name);

/** FHIR R4 search dice3.1.1.4.10: the system of the value set that an element of type `code` is bound to. */
function impliedSystem(type: string, name: string): string | undefined {
  const one = PARAMETERS[type]?.[name];
  return one !== undefined && 'system' in one ? one.system : undefined;
}
