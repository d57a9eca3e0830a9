import { r4 } from '../../../../src/fhir/index.ts';
import { commonParameters } from '../../../../src/fhir/search/common-parameters.ts';
import { STORED_PARAMETERS } from '../../../../src/fhir/store/index/stored-parameters.ts';

/** A search parameter, from the tables by which the server searches. */
export interface ParameterLine {
  readonly type: string;
  readonly name: string;
  readonly kind: string;
  readonly implied: string | undefined;
  /** True if the parameter covers Identifiers, which have a type. */
  readonly isTyped: boolean;
}

/**
 * Kinds that only this test distinguishes. `_id` and `_lastUpdated` take no modifiers, and `_security` matches in any
 * case.
 */
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

/** Returns the code system of an element of type `code`, whose values don't name it (FHIR R4 search §3.1.1.4.10). */
function impliedSystem(type: string, name: string): string | undefined {
  const one = STORED_PARAMETERS[type]?.[name];
  return one !== undefined && 'system' in one ? one.system : undefined;
}
