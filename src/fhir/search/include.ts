import type { ServedType } from '../model/fhir-version.ts';
import type { SearchParameter } from '../model/search-parameter.ts';
import { typeVariants } from '../model/type-variants.ts';
import type { SearchContext } from './search-context.ts';

/**
 * One `_include` or `_revinclude` of a search: resources to return in addition to the matches, because a match refers
 * to them or they refer to a match (FHIR R4 search §3.1.1.5.4).
 */
export interface SearchInclude {
  /**
   * `to` for `_include`: a match has the type `source` and refers to the resources to add. `from` for `_revinclude`:
   * the resources to add have the type `source` and refer to a match.
   */
  readonly direction: 'to' | 'from';
  /** Type that has the reference parameter, such as Observation in `Observation:encounter`. */
  readonly source: ServedType;
  readonly parameter: Extract<SearchParameter, { kind: 'reference' | 'patient' }>;
  /** Types to which the reference parameter may point. */
  readonly targets: readonly ServedType[];
  /** True with the modifier `:iterate`: included resources can include further resources. */
  readonly iterate: boolean;
}

const INCLUDE_NAME = /^_(rev)?include(:iterate|:recurse)?$/;

/**
 * Parses `_include=Observation:encounter`, `_include=Observation:performer:Practitioner`, `_include=*` or
 * `_revinclude=…`. `_revinclude` supports neither `*` nor the parameter `patient`, because `$everything` returns all
 * resources of a patient.
 * @returns undefined if the parameter is neither `_include` nor `_revinclude`, or if it can't include any resource
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

/**
 * Lists the values of `_include` for a type, such as `Observation:encounter`. The CapabilityStatement contains the
 * list.
 */
export const listIncludes = (served: ServedType, types: readonly ServedType[]): readonly string[] =>
  served.parameters.filter(isReference).flatMap((one) => {
    const leads = types.some(({ stored }) =>
      one.kind === 'patient' ? stored === 'Patient' : one.targets.includes(stored),
    );
    return leads ? [`${served.name}:${one.name}`] : [];
  });

/** Lists the values of `_revinclude` for a type, such as `Provenance:target`. */
export const listReverseIncludes = (served: ServedType, types: readonly ServedType[]): readonly string[] =>
  types.flatMap((source) =>
    source.parameters.flatMap((one) =>
      one.kind === 'reference' && typeVariants(served).some(({ stored }) => one.targets.includes(stored))
        ? [`${source.name}:${one.name}`]
        : [],
    ),
  );
