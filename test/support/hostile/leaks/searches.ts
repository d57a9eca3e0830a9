import { parametersOf } from '../../../../src/fhir/core/criteria.ts';
import type { SearchParameter } from '../../../../src/fhir/core/search-parameter.ts';
import type { ServedType } from '../../../../src/fhir/index.ts';
import type { Dice } from '../dice.ts';
import { ANY_SEARCH } from '../own-cursor.ts';
import { realValues } from './real-values.ts';
import { DIRECTORY_TYPES, FIRST_DIRECTORY, type Owner, SECOND_DIRECTORY } from './record.ts';
import type { Pair } from './requests.ts';
import { anId, aType, aValue, type Scene } from './values.ts';

type Part = (served: ServedType, scene: Scene, dice: Dice) => readonly Pair[];

/** The supported modifiers, the others of FHIR R4 search, and types of references. */
export const MODIFIERS = [
  'missing',
  'not',
  'text',
  'exact',
  'contains',
  'in',
  'not-in',
  'below',
  'above',
  'identifier',
  'of-type',
  'Patient',
  'Practitioner',
  'Observation',
  'iterate',
] as const;

export const targetsOf = (parameter: SearchParameter): readonly string[] =>
  parameter.kind === 'reference' ? parameter.targets : [];

export const valueFor = (
  { stored }: ServedType,
  parameter: SearchParameter,
  modifier: string,
  scene: Scene,
  dice: Dice,
): string => {
  if (modifier === 'missing') return String(dice.chance(0.5));
  if (modifier === 'identifier') return `urn:ids|${dice.pick(targetsOf(parameter).concat('Patient'))}-${dice.below(3)}`;
  if (NAMED_STATES.test(parameter.name) && dice.chance(0.3)) return dice.pick(STATES);
  const real = dice.chance(0.5) ? realValues(anOwner(stored, scene, dice), stored, parameter) : [];
  return real.length > 0 ? dice.pick(real) : aValue(parameter.kind, targetsOf(parameter), scene, dice);
};

/** Parameters whose codes a version may map to other stored codes. */
const NAMED_STATES = /^(status|notgiven|relation)$/;
const STATES = [
  'active',
  'requested',
  'available',
  'in-progress',
  'completed',
  'finished',
  'final',
  'current',
  'false',
  'true',
  'replaces',
];

/** Chooses the owner whose chart provides a value. */
function anOwner(type: string, { own, others }: Scene, dice: Dice): Owner {
  if (DIRECTORY_TYPES.includes(type)) return dice.pick([FIRST_DIRECTORY, SECOND_DIRECTORY]);
  return dice.chance(0.3) ? own : dice.pick(others);
}

/** The `name` or `name:modifier` of one of a type's parameters, with a value. */
function one(served: ServedType, scene: Scene, dice: Dice): Pair {
  const parameter = dice.pick(parametersOf(served));
  const modifier = dice.chance(0.3) ? dice.pick(MODIFIERS) : '';
  return [
    modifier === '' ? parameter.name : `${parameter.name}:${modifier}`,
    valueFor(served, parameter, modifier, scene, dice),
  ];
}

const references = ({ parameters }: ServedType): readonly SearchParameter[] =>
  parameters.filter(({ kind }) => kind === 'reference' || kind === 'patient');

function chain(served: ServedType, scene: Scene, dice: Dice, depth = 0): Pair {
  const [by] = references(served).length === 0 ? [] : [dice.pick(references(served))];
  if (by === undefined || depth > 2) return one(served, scene, dice);
  const names = by.kind === 'patient' ? ['Patient'] : targetsOf(by);
  const targets = scene.version.types.filter(({ stored }) => names.includes(stored));
  if (targets.length === 0) return one(served, scene, dice);
  const target = dice.pick(targets);
  const [name, value] = dice.chance(0.2)
    ? chain(target, scene, dice, depth + 1)
    : dice.chance(0.1)
      ? has(target, scene, dice, depth + 1)
      : one(target, scene, dice);
  return [`${by.name}${dice.chance(0.6) ? `:${target.name}` : ''}.${name}`, value];
}

function has(served: ServedType, scene: Scene, dice: Dice, depth = 0): Pair {
  const sources = scene.version.types.flatMap((source) =>
    references(source).flatMap((by) =>
      (by.kind === 'patient' ? served.stored === 'Patient' : targetsOf(by).includes(served.stored))
        ? [[source, by] as const]
        : [],
    ),
  );
  if (sources.length === 0 || depth > 2) return one(served, scene, dice);
  const [source, by] = dice.pick(sources);
  const [name, value] = dice.chance(0.2)
    ? has(source, scene, dice, depth + 1)
    : dice.chance(0.1)
      ? chain(source, scene, dice, depth + 1)
      : one(source, scene, dice);
  return [`_has:${source.name}:${by.name}:${name}`, value];
}

function include(served: ServedType, scene: Scene, dice: Dice): readonly Pair[] {
  const source = dice.chance(0.7) ? served : aType(scene, dice);
  const iterate = dice.chance(0.4) ? ':iterate' : '';
  if (dice.chance(0.1)) return [[`_include${iterate}`, '*']];
  if (references(source).length === 0) return [[`_include${iterate}`, `${source.name}:*`]];
  const by = dice.pick(references(source));
  const target = dice.chance(0.3) ? `:${dice.pick(targetsOf(by).concat('Patient'))}` : '';
  return [[`_include${iterate}`, `${source.name}:${by.name}${target}`]];
}

function reverseInclude(served: ServedType, scene: Scene, dice: Dice): readonly Pair[] {
  const sources = scene.version.types.flatMap((source) =>
    references(source)
      .filter((by) => dice.chance(0.05) || targetsOf(by).includes(served.stored))
      .map((by) => `${source.name}:${by.name}`),
  );
  if (sources.length === 0) return [['_revinclude', 'Provenance:target']];
  return [[dice.chance(0.4) ? '_revinclude:iterate' : '_revinclude', dice.pick(sources)]];
}

/** A forged cursor in the server's format. */
function cursor(served: ServedType, scene: Scene, dice: Dice): readonly Pair[] {
  const sort = dice.pick(['-main', 'main', '-updated', 'updated', '-date', 'date']);
  const sorted: readonly Pair[] = ({ '-main': [], main: [['_sort', 'date']] }[sort] as readonly Pair[]) ?? [
    ['_sort', sort.replace('updated', '_lastUpdated')],
  ];
  const position = dice.pick(['infinity', '-infinity', '2024-03-03 10:00:00+00', '2026-11-02 09:04:00.123+00']);
  const parts = [
    sort,
    position,
    anId(served.stored, scene, dice),
    dice.pick([3, null, 999]),
    dice.pick(['infinity', '2026-11-02 09:01:00+00']),
    ANY_SEARCH,
  ];
  const practice = dice.chance(0.3) ? [dice.pick([1, 2, 3])] : [];
  return [...sorted, ['_cursor', Buffer.from(JSON.stringify([...parts, ...practice])).toString('base64url')]];
}

function ofTheResult({ parameters }: ServedType, _scene: Scene, dice: Dice): readonly Pair[] {
  const dates = parameters.filter(({ kind }) => kind === 'date').map(({ name }) => name);
  return dice.pick<readonly Pair[]>([
    [['_sort', `${dice.pick(['', '-'])}${dice.pick(['date', '_lastUpdated', ...dates])}`]],
    [['_count', dice.pick(['0', '1', '2', '1000'])]],
    [['_summary', dice.pick(['true', 'text', 'data', 'count', 'false'])]],
    [['_elements', dice.pick(['id', 'subject', 'identifier,status', 'performer,target,agent', 'contained'])]],
    [
      ['_total', dice.pick(['none', 'accurate', 'estimate'])],
      ['_count', '1'],
    ],
    [
      ['page', dice.pick(['1', '2', '3'])],
      ['_count', '1'],
    ],
    [['_maxresults', '1']],
    [['_format', dice.pick(['xml', 'json', 'application/fhir+xml'])]],
  ]);
}

/** The parts of searches. */
export const PARTS_OF_SEARCHES: Readonly<Record<string, Part>> = {
  'a parameter': (served, scene, dice) => [one(served, scene, dice)],
  'two parameters': (served, scene, dice) => [one(served, scene, dice), one(served, scene, dice)],
  'an id': (served, scene, dice) => [
    ['_id', `${anId(served.stored, scene, dice)},${anId(served.stored, scene, dice)}`],
  ],
  'a patient': (_served, scene, dice) => [
    [
      dice.pick(['patient', 'subject', 'subject:Patient', 'patient:Patient', 'beneficiary']),
      aValue('patient', [], scene, dice),
    ],
  ],
  'a chain': (served, scene, dice) => [chain(served, scene, dice)],
  _has: (served, scene, dice) => [has(served, scene, dice)],
  _include: include,
  _revinclude: (served, scene, dice) => reverseInclude(served, scene, dice),
  'a cursor': cursor,
  'the result': ofTheResult,
};
