import { r4, type ServedType } from '../../../src/fhir/index.ts';
import type { FhirServer } from '../fhir/fhir-server.ts';
import { seededRandom } from '../fuzzing/seeded-random.ts';
import { type AccessLimit, CHART_EACH, chartPatient, createLimit } from './limited-chart.ts';
import { ANN } from './record.ts';
import { valueFor } from './searches.ts';
import type { HuntContext } from './values.ts';

/** Maximum number of values to try until one matches some, but not all, resources. */
const MAX_TRIES = 30;
const scene: HuntContext = { version: r4, own: ANN, others: [ANN], documents: [], each: CHART_EACH };

/**
 * Makes a scope by each parameter of a type. Its value matches only some resources, if there is such a value. A search
 * with full access determines which ones, because other tests prove that searches are right.
 */
export async function scopeLimits(server: FhirServer, served: ServedType): Promise<readonly AccessLimit[]> {
  const token = await server.token(chartPatient);
  const found = async (query: string): Promise<ReadonlySet<string> | undefined> => {
    const answer = await server.get(token, `/${served.name}?${query}&_count=1000`);
    if (answer.statusCode !== 200) return undefined;
    const { entry = [] } = answer.json() as { entry?: { resource: { id: string } }[] };
    return new Set(entry.map(({ resource }) => resource.id));
  };
  const all = await found('_total=none');
  const random = seededRandom(served.name.length);
  const limits: AccessLimit[] = [];
  for (const parameter of served.parameters) {
    if (parameter.kind === 'patient') continue;
    for (let left = MAX_TRIES; left > 0; left -= 1) {
      const value = valueFor(served, parameter, '', scene, random);
      const query = `${parameter.name}=${encodeURIComponent(value)}`;
      const ids = await found(query);
      if (ids === undefined || ids.size === 0 || (ids.size === all?.size && left > 1)) continue;
      limits.push(createLimit(served.stored, query, ({ id }) => ids.has(id ?? '')));
      break;
    }
  }
  return limits;
}
