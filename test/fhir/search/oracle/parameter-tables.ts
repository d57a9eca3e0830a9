import { r4 } from '../../../../src/fhir/index.ts';
import { commonParameters } from '../../../../src/fhir/search/common-parameters.ts';
import { STORED_PARAMETERS } from '../../../../src/fhir/store/index/stored-parameters.ts';

/** A search parameter in the tables that define the server's search. */
export interface ParameterLine {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
  readonly implied: string | undefined;
  /** True if its values are Identifiers. */
  readonly isTyped: boolean;
}

/** Kinds for the oracle: two parameters that take no modifiers, and one with looser matching. */
const OWN_KINDS: Readonly<Record<string, string>> = { _id: 'id', _lastUpdated: 'instant', _security: 'label' };

export const PARAMETER_LINES: readonly ParameterLine[] = r4.types.flatMap((served) =>
  [...served.parameters, ...commonParameters(served)].map(({ name, kind }) => ({
    type: served.name,
    name,
    kind: OWN_KINDS[name] ?? kind,
    implied: impliedSystem(served.name, name),
    isTyped: Object.hasOwn(STORED_PARAMETERS[served.name]?.[name] ?? {}, 'typed'),
  })),
);

export const TYPES: readonly string[] = r4.types.map(({ name }) => name);

/** FHIR R4 search dice3.1.1.4.10: the system of the value set that an element of type `code` is bound to. */
function impliedSystem(type: string, name: string): string | undefined {
  const one = STORED_PARAMETERS[type]?.[name];
  return one !== undefined && 'system' in one ? one.system : undefined;
}
