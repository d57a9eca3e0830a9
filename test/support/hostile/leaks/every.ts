import { parametersOf } from '../../../../src/fhir/core/criteria.ts';
import { includesOf, reverseIncludesOf } from '../../../../src/fhir/core/include.ts';
import type { Dice } from '../dice.ts';
import { ANY_SEARCH } from '../own-cursor.ts';
import { DIRECTORY_TYPES, EACH, FIRST_DIRECTORY, idOf, patientIdOf, SECOND_DIRECTORY } from './record.ts';
import { type Asked, operand, type Pair, searching } from './requests.ts';
import { MODIFIERS, valueFor } from './searches.ts';
import { aReference, type Scene } from './values.ts';

/** Makes a request for an attacker. */
export type Every = (scene: Scene, random: Dice) => Asked;

/** Each parameter of each type, without modifiers. */
export const everyParameter = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    parametersOf(served).map(
      (one): Every =>
        (scene, random) =>
          searching(
            'each parameter',
            `/${served.name}`,
            [[one.name, valueFor(served, one, '', scene, random)]],
            random,
          ),
    ),
  );

/** Each parameter with each modifier of FHIR R4 search, supported or not. */
export const everyModifier = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    parametersOf(served).flatMap((one) =>
      MODIFIERS.map(
        (modifier): Every =>
          (scene, random) => {
            const value = valueFor(served, one, modifier, scene, random);
            return searching('each modifier', `/${served.name}`, [[`${one.name}:${modifier}`, value]], random);
          },
      ),
    ),
  );

/** All includes of each type, with and without iteration. */
export const everyInclude = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) => {
    const asked = [
      ...includesOf(served, version.types).map((value) => ['_include', value] as const),
      ...reverseIncludesOf(served, version.types).map((value) => ['_revinclude', value] as const),
      ['_include', '*'] as const,
    ];
    return asked.flatMap(([name, value]) =>
      ['', ':iterate'].map(
        (iterate): Every =>
          (_scene, random) =>
            searching(
              'each include',
              `/${served.name}`,
              [
                [name + iterate, value],
                ['_count', '1000'],
              ],
              random,
            ),
      ),
    );
  });

/** Each resource of another patient, by id and in its versions, with its operations. */
export const everyRead = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap(({ name, stored }) =>
    Array.from({ length: EACH }, (_, number) => number).flatMap((number) =>
      ['', '/_history', '/_history/1', '/_history/2'].map(
        (more): Every =>
          (scene, random) => {
            const path = `/${name}/${idOfAnother(stored, number, scene, random)}${more}`;
            return { family: 'each read', method: 'GET', path, headers: {} };
          },
      ),
    ),
  );

function idOfAnother(stored: string, number: number, { others, medications = [] }: Scene, random: Dice): string {
  const owner = DIRECTORY_TYPES.includes(stored) ? SECOND_DIRECTORY : random.pick(others);
  if (stored === 'Patient') return patientIdOf(owner);
  return stored === 'Medication' && medications.length > 0 ? random.pick(medications) : idOf(stored, number, owner);
}

/** A chain by each reference, to each type and each of its parameters, and the reverse with _has. */
export const everyLink = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    served.parameters.flatMap((by) => {
      const names = by.kind === 'patient' ? ['Patient'] : by.kind === 'reference' ? by.targets : [];
      return version.types
        .filter(({ stored }) => names.includes(stored))
        .flatMap((target): readonly Every[] => [
          ...parametersOf(target).map(
            (one): Every =>
              (scene, random) => {
                const name = `${by.name}:${target.name}.${one.name}`;
                const value = valueFor(target, one, '', scene, random);
                return searching('each chain', `/${served.name}`, [[name, value]], random);
              },
          ),
          ...parametersOf(served).map(
            (one): Every =>
              (scene, random) => {
                const name = `_has:${served.name}:${by.name}:${one.name}`;
                const value = valueFor(served, one, '', scene, random);
                return searching('each _has', `/${target.name}`, [[name, value]], random);
              },
          ),
          (scene, random) =>
            searching(
              'each chain',
              `/${served.name}`,
              [[`${by.name}._id`, aReference([target.stored], scene, random)]],
              random,
            ),
        ]);
    }),
  );

/** Each operation at each of its URLs, for oneself and for others, with each of its parameters. FHIR R4 §3.2 */
export const everyOperation = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.operations.flatMap(({ name, type, levels, parameters }) =>
    levels.flatMap((level) =>
      ['own', 'of others', 'of others'].flatMap((chartOwner) =>
        [undefined, '_cursor', ...parameters.map((one) => one.name)].map(
          (parameter): Every =>
            (scene, random) => {
              const instance = `/${type}/${chartOwner === 'own' ? pickIdOf(type, scene) : idOfAnother(type, 0, scene, random)}`;
              const path = `${level === 'type' ? `/${type}` : instance}/$${name}`;
              const value =
                parameter === '_cursor' ? forgeCursor(scene, random) : operand(parameter ?? '', scene, random);
              const pairs = parameter === undefined ? [] : [[parameter, value] as const];
              return makeCall(`$${name}, each`, path, pairs, random);
            },
        ),
      ),
    ),
  );

const pickIdOf = (type: string, { own }: Scene): string =>
  type === 'Patient' ? patientIdOf(own) : idOf(type, 0, DIRECTORY_TYPES.includes(type) ? FIRST_DIRECTORY : own);

/** A forged cursor of `$everything` for a record that the attacker has no access to. */
function forgeCursor(scene: Scene, random: Dice): string {
  const { name, stored, projection } = random.pick(scene.version.types);
  const idList = projection === undefined ? stored : `${projection} ${stored}`;
  const id = idOfAnother(stored, random.below(EACH), scene, random);
  const parts = [
    `everything ${random.pick([idList, name])}`,
    '-infinity',
    id,
    random.pick([3, null]),
    'infinity',
    ANY_SEARCH,
  ];
  return Buffer.from(JSON.stringify([...parts, random.pick([0, 1, 2, 99])])).toString('base64url');
}

/** Calls an operation with search parameters or with a Parameters resource. FHIR R4 §3.2.0.1 */
function makeCall(family: string, path: string, pairs: readonly Pair[], random: Dice): Asked {
  if (random.chance(0.7)) return searching(family, path, pairs, random);
  const parameter = pairs.map(([name, valueString]) => ({ name, valueString }));
  const payload = JSON.stringify({ resourceType: 'Parameters', parameter });
  const headers = { 'content-type': 'application/fhir+json' };
  return { family: `${family} by Parameters`, method: 'POST', path, headers, payload };
}
