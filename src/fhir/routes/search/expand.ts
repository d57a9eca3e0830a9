import { requireAccess } from '../../../access/index.ts';
import { Problem } from '../../../kernel/index.ts';
import { enforceRead } from '../../authorization/enforce.ts';
import { type EnforcementContext, requireType, scopeTypeNames } from '../../authorization/enforcement-context.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson, printJson } from '../../model/json.ts';
import { listValueSetMembers } from '../../model/terminology/value-set-members.ts';
import { FORMAT_PARAMETERS } from '../../search/search-request.ts';
import {
  buildExpansion,
  EXPAND_PARAMETERS,
  type ExpansionRequest,
  readExpansion,
} from '../../search/value-set-expansion.ts';
import { invalidSearch } from '../../search/values/search-value.ts';
import { readResource } from '../../store/query/search.ts';
import type { FhirResponse } from '../deps.ts';
import type { OperationCall } from '../operation-call.ts';
import { parseCanonical, valueSetByUrl, valueSetNotFound, valueSetSources } from './value-sets.ts';

const NAMES: readonly string[] = EXPAND_PARAMETERS.map(({ name }) => name);

/**
 * Handles `$expand` (FHIR R4, OperationDefinition ValueSet-expand): returns all codes of a value set. A value set by id
 * needs the read scope, one by URL the search scope.
 * @throws Problem 422 if the server doesn't know all codes of the value set
 */
export async function handleExpand(call: OperationCall): Promise<FhirResponse> {
  const { deps, context, pairs, strict } = call;
  const unknown = pairs.find(([name]) => !NAMES.includes(name) && !FORMAT_PARAMETERS.includes(name));
  const parameters = readExpansion(pairs);
  const valueSet = await findValueSet(call, parameters);
  if (strict && unknown !== undefined) throw notOffered();
  const members = await listValueSetMembers(valueSet, valueSetSources(deps, context));
  return {
    body: printJson(buildExpansion(valueSet, members, parameters, context.now)),
    resources: 1,
    records: new Map(),
    detail: { operation: 'expand', parameters: NAMES.filter((name) => pairs.some(([one]) => one === name)) },
  };
}

async function findValueSet({ deps, context, id }: OperationCall, parameters: ExpansionRequest): Promise<Resource> {
  const served = requireType(context, 'ValueSet');
  if (id !== undefined) {
    const row = await readResource(deps.db, enforceRead(context, served, id));
    if (row === undefined) throw valueSetNotFound();
    return parseJson(row.content) as Resource;
  }
  requireAccess(context.grant, 's', scopeTypeNames(served));
  const url =
    parameters.url ?? (parameters.element === undefined ? undefined : boundValueSet(context, parameters.element));
  if (url === undefined)
    throw invalidSearch(
      'The value set is missing. Send its canonical URL in url, or its id in the path: ValueSet/{id}/$expand.',
    );
  const valueSet = await valueSetByUrl(deps, context, served, parseCanonical(url, parameters.valueSetVersion));
  if (valueSet === undefined) throw valueSetNotFound();
  return valueSet;
}

function boundValueSet({ version }: EnforcementContext, element: string): string {
  const url = version.terminology?.getBoundValueSet(element);
  if (url !== undefined) return url;
  throw new Problem('value-set-not-expandable', {
    status: 422,
    message: 'This server has no value set with all codes of the element in context.',
  });
}

const notOffered = () =>
  new Problem('parameter-unknown', {
    status: 400,
    message: `Unsupported parameter. $expand supports ${NAMES.join(', ')}. Without "Prefer: handling=strict" it is ignored.`,
  });
