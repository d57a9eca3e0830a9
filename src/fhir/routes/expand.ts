import { requirePermit } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import { type EnforceContext, namesOf, requireType } from '../core/context.ts';
import { enforceRead } from '../core/enforce.ts';
import { parseJson, printJson } from '../core/json.ts';
import { FORMATS, type Pair } from '../core/search-request.ts';
import { invalid } from '../core/search-value.ts';
import { EXPAND_PARAMETERS, type ExpansionAsked, expanded, readExpansion } from '../core/value-set/expansion.ts';
import { membersOf } from '../core/value-set/members.ts';
import type { Resource } from '../core/version.ts';
import { readOne } from '../store/search.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { canonicalOf, noValueSet, sourcesOf, valueSetByUrl } from './value-sets.ts';

interface ExpandCall {
  readonly deps: FhirDeps;
  readonly context: EnforceContext;
  /** undefined if the value set is identified by its URL. */
  readonly id: string | undefined;
  readonly pairs: readonly Pair[];
  readonly strict: boolean;
}

const NAMES: readonly string[] = EXPAND_PARAMETERS.map(({ name }) => name);

/**
 * Handles ValueSet/$expand (FHIR R4 ValueSet-expand): returns all codes of a value set. With an id it needs the read
 * scope, with a URL the search scope.
 * @throws Problem 422 if the server doesn't know all codes of the value set
 */
export async function answerExpand(call: ExpandCall): Promise<Answer> {
  const { deps, context, pairs, strict } = call;
  const unknown = pairs.find(([name]) => !NAMES.includes(name) && !FORMATS.includes(name));
  const parameters = readExpansion(pairs);
  const valueSet = await findValueSet(call, parameters);
  if (strict && unknown !== undefined) throw notOffered();
  const members = await membersOf(valueSet, sourcesOf(deps, context));
  return {
    body: printJson(expanded(valueSet, members, parameters, context.now)),
    resources: 1,
    records: new Map(),
    detail: { operation: 'expand', parameters: NAMES.filter((name) => pairs.some(([one]) => one === name)) },
  };
}

async function findValueSet({ deps, context, id }: ExpandCall, parameters: ExpansionAsked): Promise<Resource> {
  const served = requireType(context, 'ValueSet');
  if (id !== undefined) {
    const row = await readOne(deps.db, enforceRead(context, served, id));
    if (row === undefined) throw noValueSet();
    return parseJson(row.content) as Resource;
  }
  requirePermit(context.grant, 's', namesOf(served));
  const url =
    parameters.url ?? (parameters.element === undefined ? undefined : boundValueSet(context, parameters.element));
  if (url === undefined)
    throw invalid('Name the value set: url=…, its canonical URL, or its id in the address, ValueSet/{id}/$expand.');
  const valueSet = await valueSetByUrl(deps, context, served, canonicalOf(url, parameters.valueSetVersion));
  if (valueSet === undefined) throw noValueSet();
  return valueSet;
}

function boundValueSet({ version }: EnforceContext, element: string): string {
  const url = version.terminology?.boundTo(element);
  if (url !== undefined) return url;
  throw new Problem('value-set-not-expandable', {
    status: 422,
    message: 'This server knows of no value set with all codes of the element that context names.',
  });
}

const notOffered = () =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `This operation takes ${NAMES.join(', ')}, and nothing else. Without "Prefer: handling=strict" it would be ignored.`,
  });
