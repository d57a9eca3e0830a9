import { parametersOf } from '../../../../src/fhir/core/criteria.ts';
import type { FhirVersion } from '../../../../src/fhir/index.ts';
import { throwDice } from '../dice.ts';
import { medicationsIn } from './attackers.ts';
import { ANN, DIRECTORY_TYPES, MOTHER, MOTHER_ELSEWHERE, patientIdOf, SECOND_DIRECTORY } from './record.ts';
import { queryOf } from './requests.ts';
import { valueFor } from './searches.ts';
import type { Scene } from './values.ts';
import type { World } from './world.ts';

/** The number of values to try. */
const MAX_TRIES = 200;
const OTHERS = [MOTHER, MOTHER_ELSEWHERE];

/**
 * Parameters for which the hunt would find nothing of others even with full access, because none of its values match.
 * It couldn't notice leaks through these.
 */
export async function blind({ everybody }: World, version: FhirVersion): Promise<readonly string[]> {
  const all = { scope: 'user/*.rs', practices: [1, 2], record: false } as const;
  const token = await everybody.token(patientIdOf(MOTHER), all);
  const random = throwDice(1);
  const medications = await medicationsIn(everybody);
  const scene: Scene = { version, own: ANN, others: [...OTHERS, SECOND_DIRECTORY], documents: [], medications };
  const found: string[] = [];
  const names: string[] = [];
  for (const served of version.types) {
    const owner = DIRECTORY_TYPES.includes(served.stored) ? [SECOND_DIRECTORY] : OTHERS;
    for (const parameter of parametersOf(served)) {
      const name = `${served.name}.${parameter.name}`;
      names.push(name);
      for (let left = MAX_TRIES; left > 0 && found.at(-1) !== name; left -= 1) {
        const query = queryOf([
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
