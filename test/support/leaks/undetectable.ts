import type { FhirVersion } from '../../../src/fhir/index.ts';
import { getSearchParameters } from '../../../src/fhir/search/search-criteria.ts';
import { seededRandom } from '../fuzzing/seeded-random.ts';
import { listMedications } from './attackers.ts';
import type { LeakServers } from './leak-servers.ts';
import { ANN, DIRECTORY_TYPES, MOTHER, MOTHER_ELSEWHERE, patientId, SECOND_DIRECTORY } from './record.ts';
import { formatQuery } from './requests.ts';
import { valueFor } from './searches.ts';
import type { HuntContext } from './values.ts';

/** Maximum number of values to try for each parameter. */
const MAX_TRIES = 200;
const OTHERS = [MOTHER, MOTHER_ELSEWHERE];

/**
 * Parameters through which a leak couldn't be noticed: even with access to all data, no search by them finds another
 * owner's resource.
 */
export async function findUndetectable({ everybody }: LeakServers, version: FhirVersion): Promise<readonly string[]> {
  const all = { scope: 'user/*.rs', practices: [1, 2], record: false } as const;
  const token = await everybody.token(patientId(MOTHER), all);
  const random = seededRandom(1);
  const medications = await listMedications(everybody);
  const scene: HuntContext = { version, own: ANN, others: [...OTHERS, SECOND_DIRECTORY], documents: [], medications };
  const found: string[] = [];
  const names: string[] = [];
  for (const served of version.types) {
    const owner = DIRECTORY_TYPES.includes(served.stored) ? [SECOND_DIRECTORY] : OTHERS;
    for (const parameter of getSearchParameters(served)) {
      const name = `${served.name}.${parameter.name}`;
      names.push(name);
      for (let left = MAX_TRIES; left > 0 && found.at(-1) !== name; left -= 1) {
        const query = formatQuery([
          [parameter.name, valueFor(served, parameter, '', scene, random)],
          ['_count', '1000'],
        ]);
        const answer = await everybody.get(token, `/${served.name}?${query}`);
        const entries = answer.statusCode === 200 ? JSON.stringify(answer.json().entry ?? []) : '';
        if (owner.some(({ canary }) => entries.includes(canary))) found.push(name);
      }
    }
  }
  return names.filter((name) => !found.includes(name));
}
