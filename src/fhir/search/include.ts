import type { ServedType } from '../model/fhir-version.ts';
import type { SearchParameter } from '../model/search-parameter.ts';
import { typeVariants } from '../model/type-variants.ts';
import type { SearchContext } from './search-context.ts';

/**
 * A request to return resources with the matches that refer to them, or to which they refer. FHIR R4 search §3.1.1.5.4
 */
export interface SearchInclude {
  /** `to`: what the source refers to (`_include`). `from`: sources that refer to a match (`_revinclude`). */
  readonly direction: 'to' | 'from';
  /** Type that has the reference parameter. */
  readonly source: ServedType;
  readonly parameter: Extract<SearchParameter, { kind: 'reference' | 'patient' }>;
  /** Types that the reference may lead to. */
  readonly targets: readonly ServedType[];
  /** Applies to included resources as well (`:iterate`). */
  readonly iterate: boolean;
}

const INCLUDE_NAME = /^_(rev)?include(:iterate|:recurse)?$/;

/**
 * Reads `_include=Observation:encounter`, `_include=Observation:performer:Practitioner`, `_include=*` or `_revinclude=…`.
 * `_revinclude` with `*` or by the patient isn't supported: `$everything` returns all resources of a patient.
 * @returns undefined if it is no such parameter or leads nowhere
 */
export function readInclude(name: string, value: string, context: SearchContext): readonly SearchInclude[] | undefined {
  const [, reverse, repeated] = INCLUDE_NAME.exec(name) ?? [];
  if (!INCLUDE_NAME.test(name)) return undefined;
  const direction = reverse === undefined ? 'to' : 'from';
  const iterate = repeated !== undefined;
  const [typeName = '', parameterName = '*', targetName, ...rest] = value.split(':');
  if (rest.length > 0 || (direction === 'from' && parameterName === '*')) return undefined;
  const source = typeName === '*' ? context.served : context.version.types.find((type) => type.name === typeName);
  if (source === undefined) return undefined;
  if (direction === 'to' && !iterate && source.name !== context.served.name) return undefined;
  const parameters = typeVariants(source).flatMap((form) =>
    form.parameters
      .filter(isReference)
      .filter((one) => parameterName === '*' || one.name === parameterName)
      .map((parameter) => ({ source: form, parameter })),
  );
  const found = parameters.flatMap(({ source, parameter }): readonly SearchInclude[] => {
    const all = includeTargets(parameter, context).filter((one) => targetName === undefined || one.name === targetName);
    const targets = direction === 'to' || iterate ? all : all.filter((one) => one.name === context.served.name);
    if (targets.length === 0 || (direction === 'from' && parameter.kind === 'patient')) return [];
    return [{ direction, source, parameter, targets, iterate }];
  });
  return found.length === 0 ? undefined : found;
}

const isReference = (one: SearchParameter): one is SearchInclude['parameter'] =>
  one.kind === 'reference' || one.kind === 'patient';

const includeTargets = (parameter: SearchInclude['parameter'], { version }: SearchContext): readonly ServedType[] =>
  version.types
    .flatMap(typeVariants)
    .filter(({ stored }) => (parameter.kind === 'patient' ? stored === 'Patient' : parameter.targets.includes(stored)));

/** Lists the includes of a type for its CapabilityStatement, such as `Observation:encounter`. */
export const listIncludes = (served: ServedType, types: readonly ServedType[]): readonly string[] =>
  served.parameters.filter(isReference).flatMap((one) => {
    const leads = types.some(({ stored }) =>
      one.kind === 'patient' ? stored === 'Patient' : one.targets.includes(stored),
    );
    return leads ? [`${served.name}:${one.name}`] : [];
  });

/** Lists the reverse includes of a type, such as `Provenance:target`. */
export const listReverseIncludes = (served: ServedType, types: readonly ServedType[]): readonly string[] =>
  types.flatMap((source) =>
    source.parameters.flatMap((one) =>
      one.kind === 'reference' && typeVariants(served).some(({ stored }) => one.targets.includes(stored))
        ? [`${source.name}:${one.name}`]
        : [],
    ),
  );
