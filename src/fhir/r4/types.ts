import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { INDEX } from '../store/index-table.ts';
import { PARAMETERS, type StoredParameter } from '../store/parameters.ts';
import { EXAMPLES } from './examples.ts';

const PATIENT =
  'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.';

/** What this server has in R4: every type it keeps, with the search parameters of R4 and US Core. */
export const R4_TYPES: readonly ServedType[] = Object.entries(INDEX)
  .sort(([a], [b]) => order(a) - order(b) || (a < b ? -1 : 1))
  .map(([name, { home }]) => ({
    name,
    stored: name,
    home,
    parameters: Object.entries(PARAMETERS[name] ?? {})
      .map(([parameter, one]) => parameterOf(name, parameter, one))
      .sort((a, b) => Number(b.kind === 'patient') - Number(a.kind === 'patient')),
  }));

/** The patient first, as readers expect; where everything else was recorded by whom last. */
function order(type: string): number {
  if (type === 'Patient') return 0;
  return type === 'Provenance' ? 3 : INDEX[type]?.home === 'practice' ? 2 : 1;
}

function parameterOf(type: string, name: string, one: StoredParameter): SearchParameter {
  if (one.kind === 'patient') return { kind: 'patient', name, documentation: PATIENT };
  const example = EXAMPLES[type]?.[name];
  const described = { name, documentation: one.documentation, ...(example === undefined ? {} : { example }) };
  if ('union' in one) {
    const [index = name, ...also] = one.union;
    return { kind: one.kind, index, also, ...described };
  }
  if (one.kind === 'reference') return { kind: 'reference', index: name, targets: one.targets, ...described };
  return { kind: one.kind, index: name, ...described };
}
