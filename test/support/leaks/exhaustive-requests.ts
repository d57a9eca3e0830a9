import { listIncludes, listReverseIncludes } from '../../../src/fhir/search/include.ts';
import { getSearchParameters } from '../../../src/fhir/search/search-criteria.ts';
import { DIGEST_PLACEHOLDER } from '../fuzzing/cursor-digest.ts';
import type { SeededRandom } from '../fuzzing/seeded-random.ts';
import { DIRECTORY_TYPES, EACH, FIRST_DIRECTORY, patientId, resourceId, SECOND_DIRECTORY } from './record.ts';
import { type LeakRequest, makeOperand, makeSearch, type Pair } from './requests.ts';
import { MODIFIERS, valueFor } from './searches.ts';
import { type HuntContext, pickReference } from './values.ts';

/** Makes a request for one attacker. */
export type RequestMaker = (scene: HuntContext, random: SeededRandom) => LeakRequest;

/** Searches by each parameter of each type, without modifiers. */
export const parameterRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.types.flatMap((served) =>
    getSearchParameters(served).map(
      (one): RequestMaker =>
        (scene, random) =>
          makeSearch(
            'each parameter',
            `/${served.name}`,
            [[one.name, valueFor(served, one, '', scene, random)]],
            random,
          ),
    ),
  );

/** Searches by each parameter with each modifier of FHIR R4, supported or not. */
export const modifierRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.types.flatMap((served) =>
    getSearchParameters(served).flatMap((one) =>
      MODIFIERS.map(
        (modifier): RequestMaker =>
          (scene, random) => {
            const value = valueFor(served, one, modifier, scene, random);
            return makeSearch('each modifier', `/${served.name}`, [[`${one.name}:${modifier}`, value]], random);
          },
      ),
    ),
  );

/** Searches with each include of each type, with and without `:iterate`. */
export const includeRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.types.flatMap((served) => {
    const requests = [
      ...listIncludes(served, version.types).map((value) => ['_include', value] as const),
      ...listReverseIncludes(served, version.types).map((value) => ['_revinclude', value] as const),
      ['_include', '*'] as const,
    ];
    return requests.flatMap(([name, value]) =>
      ['', ':iterate'].map(
        (iterate): RequestMaker =>
          (_scene, random) =>
            makeSearch(
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

/** Reads of each resource of another patient: its current version, its history, and single versions. */
export const readRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.types.flatMap(({ name, stored }) =>
    Array.from({ length: EACH }, (_, number) => number).flatMap((number) =>
      ['', '/_history', '/_history/1', '/_history/2'].map(
        (more): RequestMaker =>
          (scene, random) => {
            const path = `/${name}/${idOfAnother(stored, number, scene, random)}${more}`;
            return { kind: 'each read', method: 'GET', path, headers: {} };
          },
      ),
    ),
  );

function idOfAnother(
  stored: string,
  number: number,
  { others, medications = [] }: HuntContext,
  random: SeededRandom,
): string {
  const owner = DIRECTORY_TYPES.includes(stored) ? SECOND_DIRECTORY : random.pick(others);
  if (stored === 'Patient') return patientId(owner);
  return stored === 'Medication' && medications.length > 0
    ? random.pick(medications)
    : resourceId(stored, number, owner);
}

/**
 * Searches with a chain through each reference to each parameter of its target types, and the reverse searches with
 * `_has`.
 */
export const linkRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.types.flatMap((served) =>
    served.parameters.flatMap((by) => {
      const names = by.kind === 'patient' ? ['Patient'] : by.kind === 'reference' ? by.targets : [];
      return version.types
        .filter(({ stored }) => names.includes(stored))
        .flatMap((target): readonly RequestMaker[] => [
          ...getSearchParameters(target).map(
            (one): RequestMaker =>
              (scene, random) => {
                const name = `${by.name}:${target.name}.${one.name}`;
                const value = valueFor(target, one, '', scene, random);
                return makeSearch('each chain', `/${served.name}`, [[name, value]], random);
              },
          ),
          ...getSearchParameters(served).map(
            (one): RequestMaker =>
              (scene, random) => {
                const name = `_has:${served.name}:${by.name}:${one.name}`;
                const value = valueFor(served, one, '', scene, random);
                return makeSearch('each _has', `/${target.name}`, [[name, value]], random);
              },
          ),
          (scene, random) =>
            makeSearch(
              'each chain',
              `/${served.name}`,
              [[`${by.name}._id`, pickReference([target.stored], scene, random)]],
              random,
            ),
        ]);
    }),
  );

/**
 * Calls of each operation at each of its URLs, for the attacker and for others, with each of its parameters (FHIR R4
 * §3.2).
 */
export const operationRequests = ({ version }: Pick<HuntContext, 'version'>): readonly RequestMaker[] =>
  version.operations.flatMap(({ name, type, levels, parameters }) =>
    levels.flatMap((level) =>
      ['own', 'of others', 'of others'].flatMap((chartOwner) =>
        [undefined, '_cursor', ...parameters.map((one) => one.name)].map(
          (parameter): RequestMaker =>
            (scene, random) => {
              const instance = `/${type}/${chartOwner === 'own' ? pickIdOf(type, scene) : idOfAnother(type, 0, scene, random)}`;
              const path = `${level === 'type' ? `/${type}` : instance}/$${name}`;
              const value =
                parameter === '_cursor' ? forgeCursor(scene, random) : makeOperand(parameter ?? '', scene, random);
              const pairs = parameter === undefined ? [] : [[parameter, value] as const];
              return makeCall(`$${name}, each`, path, pairs, random);
            },
        ),
      ),
    ),
  );

const pickIdOf = (type: string, { own }: HuntContext): string =>
  type === 'Patient' ? patientId(own) : resourceId(type, 0, DIRECTORY_TYPES.includes(type) ? FIRST_DIRECTORY : own);

/** Forges a cursor of `$everything` for a record that the attacker has no access to. */
function forgeCursor(scene: HuntContext, random: SeededRandom): string {
  const { name, stored, projection } = random.pick(scene.version.types);
  const idList = projection === undefined ? stored : `${projection} ${stored}`;
  const id = idOfAnother(stored, random.below(EACH), scene, random);
  const parts = [
    `everything ${random.pick([idList, name])}`,
    '-infinity',
    id,
    random.pick([3, null]),
    'infinity',
    DIGEST_PLACEHOLDER,
  ];
  return Buffer.from(JSON.stringify([...parts, random.pick([0, 1, 2, 99])])).toString('base64url');
}

/** Calls an operation with its parameters in the URL or form, or in a Parameters resource (FHIR R4 §3.2.0.1). */
function makeCall(family: string, path: string, pairs: readonly Pair[], random: SeededRandom): LeakRequest {
  if (random.chance(0.7)) return makeSearch(family, path, pairs, random);
  const parameter = pairs.map(([name, valueString]) => ({ name, valueString }));
  const payload = JSON.stringify({ resourceType: 'Parameters', parameter });
  const headers = { 'content-type': 'application/fhir+json' };
  return { kind: `${family} by Parameters`, method: 'POST', path, headers, payload };
}
