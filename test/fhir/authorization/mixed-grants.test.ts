import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

/**
 * Owners of the test data. The patient in context is always Ann, at practice 1. A grant covers both practices or the
 * first one alone.
 */
const HOMES = ['ANN', 'BOB', 'EVE', 'DAN', 'CAT', 'DAN2'] as const;
type Home = (typeof HOMES)[number];
const practiceOf = (home: string): number => (home === 'CAT' || home === 'DAN2' || home === 'TWO' ? 2 : 1);
/** Dan is a patient of both practices, and his resources have the same ids at both. */
const letterOf = (home: Home): string => ({ ANN: 'a', BOB: 'b', EVE: 'e', DAN: 'd', CAT: 'c', DAN2: 'd' })[home];
const id = (home: Home, number: number): string => `${number}000000${letterOf(home)}-0000-4000-8000-000000000000`;
const DOCTOR = '90000000-0000-4000-8000-000000000000';
const TAG = 'urn:test:home';

const [PATIENT, ENCOUNTER, OBSERVATION, CONDITION, PROVENANCE] = [0, 1, 2, 3, 4];
const TYPES = ['Patient', 'Encounter', 'Observation', 'Condition', 'Provenance', 'Practitioner'] as const;
type Type = (typeof TYPES)[number];

/**
 * Eve has nothing that matches a granular scope. All others are like Ann, and one Observation of each names Ann's
 * Encounter.
 */
function chartOf(home: Home): readonly Resource[] {
  const fits = home !== 'EVE';
  const meta = { tag: [{ system: TAG, code: home }] };
  const subject = { reference: `Patient/${id(home, PATIENT)}` };
  const encounter = { reference: `Encounter/${id(home, ENCOUNTER)}` };
  const annsEncounter = { reference: `Encounter/${id('ANN', ENCOUNTER)}` };
  const doctor = { reference: `Practitioner/${DOCTOR}` };
  const observation = { resourceType: 'Observation', meta, subject, code: { text: 'x' }, performer: [doctor] };
  const status = fits ? 'final' : 'preliminary';
  const category = [{ coding: [{ code: fits ? 'a' : 'b' }] }];
  return [
    {
      resourceType: 'Patient',
      id: id(home, PATIENT),
      meta,
      gender: fits ? 'male' : 'female',
      name: [{ family: home }],
    },
    {
      resourceType: 'Encounter',
      id: id(home, ENCOUNTER),
      meta,
      subject,
      status: fits ? 'finished' : 'planned',
      class: { code: 'AMB' },
      participant: [{ individual: doctor }],
    },
    { ...observation, id: id(home, OBSERVATION), status, encounter },
    { ...observation, id: id(home, 5), status, encounter: annsEncounter },
    { resourceType: 'Condition', id: id(home, CONDITION), meta, subject, category, encounter, code: { text: 'x' } },
    {
      resourceType: 'Provenance',
      id: id(home, PROVENANCE),
      meta,
      recorded: '2024-05-03T00:00:00Z',
      target: [{ reference: `Observation/${id(home, OBSERVATION)}` }],
      agent: [{ who: doctor }],
    },
  ];
}

const doctorAt = (practice: 'ONE' | 'TWO'): Resource => ({
  resourceType: 'Practitioner',
  id: DOCTOR,
  meta: { tag: [{ system: TAG, code: practice }] },
  name: [{ family: practice }],
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  for (const practiceId of [1, 2]) {
    const charts = HOMES.filter((home) => practiceOf(home) === practiceId).flatMap(chartOf);
    const loaded = await server.load([doctorAt(practiceId === 1 ? 'ONE' : 'TWO'), ...charts], { practiceId });
    expect(loaded.refused).toEqual([]);
  }
});
afterAll(() => server.close());

/**
 * Data of a type that a grant covers: Ann's record (`record`), all records of the practices (`practices`), or Ann's
 * record and the resources of the practices that match a granular scope (`some`).
 */
const REACHES = ['record', 'practices', 'some'] as const;
type ReachName = (typeof REACHES)[number];
const GRANULAR: Readonly<Record<Type, string>> = {
  Patient: 'gender=male',
  Encounter: 'status=finished',
  Observation: 'status=final',
  Condition: 'category=a',
  Provenance: '',
  Practitioner: '',
};
const reachesOf = (type: Type): readonly ReachName[] => REACHES.filter((of) => of !== 'some' || GRANULAR[type] !== '');
const scopeOf = (type: Type, reach: ReachName): string => {
  if (reach === 'some') return `patient/${type}.rs user/${type}.rs?${GRANULAR[type]}`;
  return `${reach === 'record' ? 'patient' : 'user'}/${type}.rs`;
};

/** Whether a grant with this coverage of a type includes the resources of an owner. */
function isReached(type: Type, reach: ReachName, home: string, practices: readonly number[]): boolean {
  if (type === 'Practitioner') return reach === 'record' ? home === 'ONE' : practices.includes(practiceOf(home));
  if (home === 'ANN') return true;
  return reach !== 'record' && practices.includes(practiceOf(home)) && !(reach === 'some' && home === 'EVE');
}

interface Entry {
  readonly search?: { readonly mode: string };
  readonly resource: Resource & { readonly id: string; readonly meta: { readonly tag: readonly Tag[] } };
}
interface Tag {
  readonly system: string;
  readonly code: string;
}
const homeOf = ({ resource }: Entry): string =>
  resource.meta.tag.find(({ system }) => system === TAG)?.code ?? 'untagged';
const shown = (entries: readonly Entry[]): readonly string[] =>
  entries.map((entry) => `${entry.resource.resourceType}/${entry.resource.id[0]} ${homeOf(entry)}`).sort();

async function entriesOf(token: string, path: string): Promise<readonly Entry[]> {
  const answer = await server.get(token, path);
  expect({ path, status: answer.statusCode, error: answer.statusCode === 200 ? '' : answer.body }).toEqual({
    path,
    status: 200,
    error: '',
  });
  return answer.json().entry ?? [];
}
const inMode = (entries: readonly Entry[], mode: string) => entries.filter(({ search }) => search?.mode === mode);

const tokenOf = (practices: readonly number[], ...scopes: readonly string[]) =>
  server.token(id('ANN', PATIENT), { practices, scope: scopes.join(' '), at: 1 });

/** Practices of a grant: both, or the one of Ann's record alone. */
const PRACTICES = [[1, 2], [1]];

/** Reference elements between resource types. Each resource refers to resources of its own record or practice. */
const LINKS: readonly (readonly [source: Type, parameter: string, target: Type])[] = [
  ['Observation', 'encounter', 'Encounter'],
  ['Condition', 'encounter', 'Encounter'],
  ['Observation', 'patient', 'Patient'],
  ['Encounter', 'subject', 'Patient'],
  ['Encounter', 'participant', 'Practitioner'],
  ['Observation', 'performer', 'Practitioner'],
];
const mixtures = LINKS.flatMap((link) =>
  reachesOf(link[0]).flatMap((own) =>
    reachesOf(link[2]).flatMap((other) => PRACTICES.map((practices) => [...link, own, other, practices] as const)),
  ),
);

/** Numbers of the resources of a type in the given records. */
const numbersOf = (type: Type): readonly number[] => {
  if (type === 'Practitioner') return [9];
  return type === 'Observation' ? [OBSERVATION, 5] : [TYPES.indexOf(type)];
};
const named = (type: Type, homes: readonly string[], numbers = numbersOf(type)): readonly string[] =>
  homes.flatMap((home) => numbers.map((number) => `${type}/${number} ${home}`)).sort();
const homesOf = (type: Type): readonly string[] => (type === 'Practitioner' ? ['ONE', 'TWO'] : HOMES);
const besides = (home: string): string => (practiceOf(home) === 1 ? 'ONE' : 'TWO');

describe('a grant that covers one record for one type, and practices for another', () => {
  it.each(mixtures)('%s:%s:%s, %s and %s, practices %j: _include', async (source, parameter, target, ...of) => {
    const [own, other, practices] = of;
    const token = await tokenOf(practices, scopeOf(source, own), scopeOf(target, other));
    const path = `/${source}?_include=${source}:${parameter}:${target}`;
    const found = await entriesOf(token, path);
    const homes = HOMES.filter((home) => isReached(source, own, home, practices));
    expect(shown(inMode(found, 'match'))).toEqual(named(source, homes));
    const beside = target === 'Practitioner' ? [...new Set(homes.map(besides))] : homes;
    const seen = beside.filter((home) => isReached(target, other, home, practices));
    expect(shown(inMode(found, 'include'))).toEqual(named(target, seen));
    for (const home of homes.filter((one) => !one.startsWith('DAN'))) {
      const alone = await entriesOf(token, `${path}&_id=${numbersOf(source).map((number) => id(home, number))}`);
      const there = target === 'Practitioner' ? besides(home) : home;
      expect(shown(inMode(alone, 'include'))).toEqual(named(target, seen.includes(there) ? [there] : []));
    }
  });

  it.each(mixtures.filter(([, parameter]) => parameter !== 'patient' && parameter !== 'subject'))(
    '%s:%s:%s, %s and %s, practices %j: _revinclude',
    async (source, parameter, target, own, other, practices) => {
      const token = await tokenOf(practices, scopeOf(source, own), scopeOf(target, other));
      const found = await entriesOf(token, `/${target}?_revinclude=${source}:${parameter}`);
      const homes = homesOf(target).filter((home) => isReached(target, other, home, practices));
      expect(shown(inMode(found, 'match'))).toEqual(named(target, homes));
      const beside = HOMES.filter((home) => homes.includes(target === 'Practitioner' ? besides(home) : home));
      const seen = beside.filter((home) => isReached(source, own, home, practices));
      // The second Observation of each patient refers to Ann's Encounter.
      const expected =
        parameter === 'encounter' && source === 'Observation'
          ? [
              ...named(source, seen, [OBSERVATION]),
              ...named(
                source,
                seen.filter((home) => home === 'ANN'),
                [5],
              ),
            ].sort()
          : named(source, seen);
      expect(shown(inMode(found, 'include'))).toEqual(expected);
    },
  );

  it.each(mixtures)('%s:%s:%s, %s and %s, practices %j: chains and _has', async (source, parameter, target, ...of) => {
    const [own, other, practices] = of;
    const token = await tokenOf(practices, scopeOf(source, own), scopeOf(target, other));
    const ANY: Readonly<Record<string, string>> = {
      Patient: 'gender=male,female',
      Encounter: 'status=finished,planned',
      Practitioner: 'family=ONE,TWO',
      Observation: 'status=final,preliminary',
      Condition: 'category=a,b',
    };
    const isBoth = (home: Home): boolean =>
      isReached(source, own, home, practices) &&
      isReached(target, other, target === 'Practitioner' ? besides(home) : home, practices);
    const both = HOMES.filter(isBoth);
    const chained = await entriesOf(
      token,
      `/${source}?${parameter}:${target}.${ANY[target]}`.replace('patient:Patient', 'patient'),
    );
    const ofAnn = parameter === 'encounter' && source === 'Observation';
    expect(shown(chained)).toEqual(
      ofAnn
        ? [
            ...named(source, both, [OBSERVATION]),
            ...named(
              source,
              both.filter((home) => home === 'ANN'),
              [5],
            ),
          ].sort()
        : named(source, both),
    );
    if (target === 'Practitioner') return;
    const having = await entriesOf(token, `/${target}?_has:${source}:${parameter}:${ANY[source]}`);
    expect(shown(having)).toEqual(named(target, both));
  });
});

describe(':iterate can’t lead from one patient to another', () => {
  it.each(reachesOf('Encounter').flatMap((own) => reachesOf('Observation').map((other) => [own, other] as const)))(
    'Encounter by %s, Observation by %s, of one doctor',
    async (own, other) => {
      const practices = [1, 2];
      const scopes = [scopeOf('Encounter', own), scopeOf('Observation', other), 'user/Practitioner.rs'];
      const token = await tokenOf(practices, ...scopes);
      const path = '/Encounter?_include=Encounter:participant&_revinclude:iterate=Observation:performer';
      const homes = HOMES.filter((home) => isReached('Encounter', own, home, practices));
      const seen = homes.filter((home) => isReached('Observation', other, home, practices));
      const observations = async (query: string) =>
        shown((await entriesOf(token, path + query)).filter(({ resource }) => resource.resourceType === 'Observation'));
      expect(await observations('')).toEqual(named('Observation', seen));
      for (const home of homes.filter((one) => !one.startsWith('DAN')))
        expect(await observations(`&_id=${id(home, ENCOUNTER)}`)).toEqual(
          named('Observation', seen.includes(home) ? [home] : []),
        );
    },
  );
});

describe('references to a directory resource are found in records of the same practice', () => {
  it.each(reachesOf('Observation'))('Observation by %s', async (reach) => {
    const token = await tokenOf([1, 2], 'user/Practitioner.rs', scopeOf('Observation', reach));
    for (const practice of ['ONE', 'TWO']) {
      const path = `/Practitioner?family=${practice}&_revinclude=Observation:performer`;
      const homes = HOMES.filter((home) => besides(home) === practice && isReached('Observation', reach, home, [1, 2]));
      expect(shown(inMode(await entriesOf(token, path), 'include'))).toEqual(named('Observation', homes));
    }
  });
});

describe('Provenance is included with its visible targets, and with nothing of another patient', () => {
  it.each([
    ['user/Observation.rs patient/Provenance.rs', ['ANN']],
    ['patient/Observation.rs user/Provenance.rs', ['ANN']],
    ['user/Observation.rs user/Provenance.rs', HOMES],
    ['user/*.rs', HOMES],
    ['patient/*.rs', ['ANN']],
  ] as const)('%s', async (scope, homes) => {
    const token = await tokenOf([1, 2], scope);
    const included = async (query: string) =>
      shown(inMode(await entriesOf(token, `/Observation?_revinclude=Provenance:target${query}`), 'include'));
    expect(await included('')).toEqual(named('Provenance', homes));
    expect(await included(`&_id=${id('ANN', OBSERVATION)}`)).toEqual(named('Provenance', ['ANN']));
    const ofBob = (homes as readonly string[]).filter((home) => home === 'BOB');
    expect(await included(`&_id=${id('BOB', OBSERVATION)}`)).toEqual(named('Provenance', ofBob));
  });
});

describe.each(['$everything', '$summary'])('%s of one patient has nothing of another', (operation) => {
  const types = ['Encounter', 'Observation', 'Condition'] as const;
  const grants = reachesOf('Patient').flatMap((patient) =>
    types.flatMap((type) => reachesOf(type).map((reach) => [patient, type, reach] as const)),
  );
  it.each(grants)('Patient by %s, %s by %s', async (patient, type, reach) => {
    const practices = [1, 2];
    const token = await tokenOf(practices, scopeOf('Patient', patient), scopeOf(type, reach), 'user/Practitioner.rs');
    for (const home of ['ANN', 'BOB', 'EVE', 'CAT'] as const) {
      const answer = await server.get(token, `/Patient/${id(home, PATIENT)}/${operation}`);
      const isSeen = isReached('Patient', patient, home, practices);
      if (operation === '$summary') expect(answer.statusCode, home).toEqual(isSeen ? 200 : 404);
      const entries: readonly Entry[] = answer.json().entry ?? [];
      const own = entries.filter(({ resource }) => resource.meta?.tag !== undefined);
      const foreign = shown(own).filter((one) => ![home, besides(home)].includes(one.split(' ')[1] ?? ''));
      expect(foreign).toEqual([]);
      const ofType = shown(own.filter(({ resource }) => resource.resourceType === type));
      const isReachedToo = isReached(type, reach, home, practices);
      if (operation === '$everything') expect(ofType).toEqual(isReachedToo ? named(type, [home]) : []);
      else if (!isReachedToo) expect(ofType).toEqual([]);
    }
  });
});

describe('a type without any accessible resource behaves as if it were empty', () => {
  it('with an include, a page and its counts agree', async () => {
    const token = await tokenOf([1, 2], 'user/Observation.rs patient/Encounter.rs patient/Patient.rs');
    const of = async (home: Home, query: string) => {
      const answer = await server.get(token, `/Observation?_id=${id(home, OBSERVATION)}${query}`);
      const { total, entry } = answer.json();
      return { status: answer.statusCode, total, entries: shown(entry) };
    };
    const includes = '&_include=Observation:encounter&_include=Observation:patient&_include=*';
    expect(await of('BOB', includes)).toEqual(await of('BOB', ''));
    expect((await of('ANN', includes)).entries).toHaveLength(3);
  });
});
