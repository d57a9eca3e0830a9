import { parametersOf } from '../../../../src/fhir/core/criteria.ts';
import { includesOf, reverseIncludesOf } from '../../../../src/fhir/core/include.ts';
import type { Dice } from '../dice.ts';
import { DIRECTORY_TYPES, EACH, idOf, patientIdOf, SECOND_DIRECTORY } from './record.ts';
import { type Asked, searching } from './requests.ts';
import { MODIFIERS, valueFor } from './searches.ts';
import { aReference, type Scene } from './values.ts';

/** A request for one of the attackers, whoever's turn it is. */
export type Every = (scene: Scene, dice: Dice) => Asked;

/** Each parameter of each type, plainly. */
export const everyParameter = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    parametersOf(served).map(
      (one): Every =>
        (scene, dice) =>
          searching('each parameter', `/${served.name}`, [[one.name, valueFor(one, '', scene, dice)]], dice),
    ),
  );

/** Each of them with each modifier that FHIR R4 search has, offered or not. */
export const everyModifier = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    parametersOf(served).flatMap((one) =>
      MODIFIERS.map(
        (modifier): Every =>
          (scene, dice) => {
            const value = valueFor(one, modifier, scene, dice);
            return searching('each modifier', `/${served.name}`, [[`${one.name}:${modifier}`, value]], dice);
          },
      ),
    ),
  );

/** All that may come along with each type, once and again. */
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
          (_scene, dice) =>
            searching(
              'each include',
              `/${served.name}`,
              [
                [name + iterate, value],
                ['_count', '1000'],
              ],
              dice,
            ),
      ),
    );
  });

/** Each resource of another, by its id and in its versions, and what operations there are on it. */
export const everyRead = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap(({ name, stored }) =>
    Array.from({ length: EACH }, (_, number) => number).flatMap((number) =>
      ['', '/_history', '/_history/1', '/_history/2'].map(
        (more): Every =>
          (scene, dice) => {
            const owner = DIRECTORY_TYPES.includes(stored) ? SECOND_DIRECTORY : dice.pick(scene.others);
            const id = stored === 'Patient' ? patientIdOf(owner) : idOf(stored, number, owner);
            return { family: 'each read', method: 'GET', path: `/${name}/${id}${more}`, headers: {} };
          },
      ),
    ),
  );

/** A chain by each reference, to each type and each of its parameters, and the same the other way round. */
export const everyLink = ({ version }: Pick<Scene, 'version'>): readonly Every[] =>
  version.types.flatMap((served) =>
    served.parameters.flatMap((by) => {
      const names = by.kind === 'patient' ? ['Patient'] : by.kind === 'reference' ? by.targets : [];
      return version.types
        .filter(({ stored }) => names.includes(stored))
        .flatMap((target): readonly Every[] => [
          (scene, dice) => {
            const one = dice.pick(parametersOf(target));
            const name = `${by.name}:${target.name}.${one.name}`;
            return searching('each chain', `/${served.name}`, [[name, valueFor(one, '', scene, dice)]], dice);
          },
          (scene, dice) => {
            const one = dice.pick(parametersOf(served));
            const name = `_has:${served.name}:${by.name}:${one.name}`;
            return searching('each _has', `/${target.name}`, [[name, valueFor(one, '', scene, dice)]], dice);
          },
          (scene, dice) =>
            searching(
              'each chain',
              `/${served.name}`,
              [[`${by.name}._id`, aReference([target.stored], scene, dice)]],
              dice,
            ),
        ]);
    }),
  );
