import type { ServedType } from '../../../src/fhir/index.ts';
import type { SearchParameter } from '../../../src/fhir/model/search-parameter.ts';
import { getSearchParameters } from '../../../src/fhir/search/search-criteria.ts';
import { DIGEST_PLACEHOLDER } from '../fuzzing/cursor-digest.ts';
import type { SeededRandom } from '../fuzzing/seeded-random.ts';
import { realValues } from './real-values.ts';
import { DIRECTORY_TYPES, FIRST_DIRECTORY, type Owner, SECOND_DIRECTORY } from './record.ts';
import type { Pair } from './requests.ts';
import { type HuntContext, pickId, pickType, pickValue } from './values.ts';

type Part = (served: ServedType, scene: HuntContext, random: SeededRandom) => readonly Pair[];

/** Modifiers: those that the server supports, the others of FHIR R4 search, and types of references. */
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
  scene: HuntContext,
  random: SeededRandom,
): string => {
  if (modifier === 'missing') return String(random.chance(0.5));
  if (modifier === 'identifier')
    return `urn:ids|${random.pick(targetsOf(parameter).concat('Patient'))}-${random.below(3)}`;
  if (NAMED_STATES.test(parameter.name) && random.chance(0.3)) return random.pick(STATES);
  const real = random.chance(0.5) ? realValues(pickOwner(stored, scene, random), stored, parameter) : [];
  return real.length > 0 ? random.pick(real) : pickValue(parameter.kind, targetsOf(parameter), scene, random);
};

/** Parameters whose codes a version of FHIR may map to other stored codes. */
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

/** Chooses the owner of the record that a search value is taken from. */
function pickOwner(type: string, { own, others }: HuntContext, random: SeededRandom): Owner {
  if (DIRECTORY_TYPES.includes(type)) return random.pick([FIRST_DIRECTORY, SECOND_DIRECTORY]);
  return random.chance(0.3) ? own : random.pick(others);
}

/** Chooses a parameter of a type, with or without a modifier, and a value for it. */
function pickParameter(served: ServedType, scene: HuntContext, random: SeededRandom): Pair {
  const parameter = random.pick(getSearchParameters(served));
  const modifier = random.chance(0.3) ? random.pick(MODIFIERS) : '';
  return [
    modifier === '' ? parameter.name : `${parameter.name}:${modifier}`,
    valueFor(served, parameter, modifier, scene, random),
  ];
}

const references = ({ parameters }: ServedType): readonly SearchParameter[] =>
  parameters.filter(({ kind }) => kind === 'reference' || kind === 'patient');

function chain(served: ServedType, scene: HuntContext, random: SeededRandom, depth = 0): Pair {
  const [by] = references(served).length === 0 ? [] : [random.pick(references(served))];
  if (by === undefined || depth > 2) return pickParameter(served, scene, random);
  const names = by.kind === 'patient' ? ['Patient'] : targetsOf(by);
  const targets = scene.version.types.filter(({ stored }) => names.includes(stored));
  if (targets.length === 0) return pickParameter(served, scene, random);
  const target = random.pick(targets);
  const [name, value] = random.chance(0.2)
    ? chain(target, scene, random, depth + 1)
    : random.chance(0.1)
      ? has(target, scene, random, depth + 1)
      : pickParameter(target, scene, random);
  return [`${by.name}${random.chance(0.6) ? `:${target.name}` : ''}.${name}`, value];
}

function has(served: ServedType, scene: HuntContext, random: SeededRandom, depth = 0): Pair {
  const sources = scene.version.types.flatMap((source) =>
    references(source).flatMap((by) =>
      (by.kind === 'patient' ? served.stored === 'Patient' : targetsOf(by).includes(served.stored))
        ? [[source, by] as const]
        : [],
    ),
  );
  if (sources.length === 0 || depth > 2) return pickParameter(served, scene, random);
  const [source, by] = random.pick(sources);
  const [name, value] = random.chance(0.2)
    ? has(source, scene, random, depth + 1)
    : random.chance(0.1)
      ? chain(source, scene, random, depth + 1)
      : pickParameter(source, scene, random);
  return [`_has:${source.name}:${by.name}:${name}`, value];
}

function include(served: ServedType, scene: HuntContext, random: SeededRandom): readonly Pair[] {
  const source = random.chance(0.7) ? served : pickType(scene, random);
  const iterate = random.chance(0.4) ? ':iterate' : '';
  if (random.chance(0.1)) return [[`_include${iterate}`, '*']];
  if (references(source).length === 0) return [[`_include${iterate}`, `${source.name}:*`]];
  const by = random.pick(references(source));
  const target = random.chance(0.3) ? `:${random.pick(targetsOf(by).concat('Patient'))}` : '';
  return [[`_include${iterate}`, `${source.name}:${by.name}${target}`]];
}

function reverseInclude(served: ServedType, scene: HuntContext, random: SeededRandom): readonly Pair[] {
  const sources = scene.version.types.flatMap((source) =>
    references(source)
      .filter((by) => random.chance(0.05) || targetsOf(by).includes(served.stored))
      .map((by) => `${source.name}:${by.name}`),
  );
  if (sources.length === 0) return [['_revinclude', 'Provenance:target']];
  return [[random.chance(0.4) ? '_revinclude:iterate' : '_revinclude', random.pick(sources)]];
}

/** Forges a cursor in the server's format. */
function cursor(served: ServedType, scene: HuntContext, random: SeededRandom): readonly Pair[] {
  const sort = random.pick(['-main', 'main', '-updated', 'updated', '-date', 'date']);
  const sorted: readonly Pair[] = ({ '-main': [], main: [['_sort', 'date']] }[sort] as readonly Pair[]) ?? [
    ['_sort', sort.replace('updated', '_lastUpdated')],
  ];
  const position = random.pick(['infinity', '-infinity', '2024-03-03 10:00:00+00', '2026-11-02 09:04:00.123+00']);
  const parts = [
    sort,
    position,
    pickId(served.stored, scene, random),
    random.pick([3, null, 999]),
    random.pick(['infinity', '2026-11-02 09:01:00+00']),
    DIGEST_PLACEHOLDER,
  ];
  const practice = random.chance(0.3) ? [random.pick([1, 2, 3])] : [];
  return [...sorted, ['_cursor', Buffer.from(JSON.stringify([...parts, ...practice])).toString('base64url')]];
}

function pickResultParameter({ parameters }: ServedType, _scene: HuntContext, random: SeededRandom): readonly Pair[] {
  const dates = parameters.filter(({ kind }) => kind === 'date').map(({ name }) => name);
  return random.pick<readonly Pair[]>([
    [['_sort', `${random.pick(['', '-'])}${random.pick(['date', '_lastUpdated', ...dates])}`]],
    [['_count', random.pick(['0', '1', '2', '1000'])]],
    [['_summary', random.pick(['true', 'text', 'data', 'count', 'false'])]],
    [['_elements', random.pick(['id', 'subject', 'identifier,status', 'performer,target,agent', 'contained'])]],
    [
      ['_total', random.pick(['none', 'accurate', 'estimate'])],
      ['_count', '1'],
    ],
    [
      ['page', random.pick(['1', '2', '3'])],
      ['_count', '1'],
    ],
    [['_maxresults', '1']],
    [['_format', random.pick(['xml', 'json', 'application/fhir+xml'])]],
  ]);
}

/** Functions that make parts of a search. */
export const PARTS_OF_SEARCHES: Readonly<Record<string, Part>> = {
  'a parameter': (served, scene, random) => [pickParameter(served, scene, random)],
  'two parameters': (served, scene, random) => [
    pickParameter(served, scene, random),
    pickParameter(served, scene, random),
  ],
  'an id': (served, scene, random) => [
    ['_id', `${pickId(served.stored, scene, random)},${pickId(served.stored, scene, random)}`],
  ],
  'a patient': (_served, scene, random) => [
    [
      random.pick(['patient', 'subject', 'subject:Patient', 'patient:Patient', 'beneficiary']),
      pickValue('patient', [], scene, random),
    ],
  ],
  'a chain': (served, scene, random) => [chain(served, scene, random)],
  _has: (served, scene, random) => [has(served, scene, random)],
  _include: include,
  _revinclude: (served, scene, random) => reverseInclude(served, scene, random),
  'a cursor': cursor,
  'the result': pickResultParameter,
};
