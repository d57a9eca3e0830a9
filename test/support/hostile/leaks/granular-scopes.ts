import { r4, type ServedType } from '../../../../src/fhir/index.ts';
import type { FhirServer } from '../../fhir-server.ts';
import { throwDice } from '../dice.ts';
import { CHART_EACH, chartPatient, type Limit, limitOf } from './granular-world.ts';
import { ANN } from './record.ts';
import { targetsOf } from './searches.ts';
import { aValue, type Scene } from './values.ts';

/** Values that are tried, until one finds something and not everything. */
const TRIES = 30;
const scene: Scene = { version: r4, own: ANN, others: [ANN], documents: [], each: CHART_EACH };

/**
 * A scope by each parameter that a type has, with a value that finds a part of the chart where one is found. What it finds
 * is told by a search with a token for all: that searches find what they should is proved elsewhere.
 */
export async function limitsBy(server: FhirServer, served: ServedType): Promise<readonly Limit[]> {
  const token = await server.token(chartPatient);
  const found = async (query: string): Promise<ReadonlySet<string> | undefined> => {
    const answer = await server.get(token, `/${served.name}?${query}&_count=1000`);
    if (answer.statusCode !== 200) return undefined;
    const { entry = [] } = answer.json() as { entry?: { resource: { id: string } }[] };
    return new Set(entry.map(({ resource }) => resource.id));
  };
  const all = await found('_total=none');
  const dice = throwDice(served.name.length);
  const limits: Limit[] = [];
  for (const parameter of served.parameters) {
    if (parameter.kind === 'patient') continue;
    for (let left = TRIES; left > 0; left -= 1) {
      const value = aValue(parameter.kind, targetsOf(parameter), scene, dice);
      const query = `${parameter.name}=${encodeURIComponent(value)}`;
      const ids = await found(query);
      if (ids === undefined || ids.size === 0 || (ids.size === all?.size && left > 1)) continue;
      limits.push(limitOf(served.stored, query, ({ id }) => ids.has(id ?? '')));
      break;
    }
  }
  return limits;
}
