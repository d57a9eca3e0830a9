import type { SeededRandom } from '../../../support/fuzzing/seeded-random.ts';
import { CLINICAL, SUBSUMED_CODES } from './known-codes.ts';

/** Makes a value of a datatype, in every form that searches distinguish. */
export type ValueGenerator = (random: SeededRandom, around: GeneratedContext) => unknown;

export interface GeneratedContext {
  /** The possible targets of references, as `Type/id`. */
  readonly references: readonly string[];
  /** The targets that most references use. */
  readonly often: readonly string[];
}

const SYSTEMS = ['http://loinc.org', 'http://snomed.info/sct', 'urn:oid:1.2.3', undefined];
const CODES = ['lab', 'LAB', 'vital-signs', '8480-6', 'a|b', 'x,y', 'm$n', 'final', 'back\\slash', 'é'];
const DISPLAYS = ['Blood pressure', 'Glucose in Serum', 'Müller’s sign, 50%', undefined];
const WORDS = ['Muñoz', 'munoz', 'Ávila Smith', 'O’Hara', '100% sure', 'under_score', 'a,b', 'back\\slash', 'Zoë-Ann'];
const UNITS = [
  { system: 'http://unitsofmeasure.org', code: 'mg', unit: 'milligrams' },
  { system: 'http://unitsofmeasure.org', code: 'a', unit: 'years' },
  { code: 'mg' },
  { unit: 'milligrams' },
  {},
];
const NUMBERS = [0, 5, 5.4, 5.35, 5.45, 5.449, -2, 100, 180, 0.001, 45, 1e6];

const two = (number: number): string => String(number).padStart(2, '0');
const some = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const day = (random: SeededRandom): string =>
  `${2018 + random.below(6)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
const instant = (random: SeededRandom): string =>
  `${day(random)}T${two(random.below(24))}:${two(random.below(60))}:${two(random.below(60))}${random.pick(['', '.5', '.125'])}${random.pick(['Z', '+02:00', '-05:00', '+05:45'])}`;
const date = (random: SeededRandom): string => day(random).slice(0, random.pick([4, 7, 10]));
const dateTime = (random: SeededRandom): string => (random.chance(0.5) ? date(random) : instant(random));

const period = (random: SeededRandom): object => {
  const [first = '', last = ''] = [dateTime(random), dateTime(random)].sort();
  const form = random.below(4);
  if (form === 0) return { start: first };
  return form === 1 ? { end: last } : { start: first, end: last };
};
const coding = (random: SeededRandom): object =>
  random.chance(0.2)
    ? { system: CLINICAL, code: random.pick(Object.keys(SUBSUMED_CODES)) }
    : some({ system: random.pick(SYSTEMS), code: random.pick(CODES), display: random.pick(DISPLAYS) });
const concept = (random: SeededRandom): object => {
  const codings = Array.from({ length: random.below(3) }, () => coding(random));
  const text = codings.length === 0 || random.chance(0.3) ? random.pick(['Sugar in the blood', 'Pressure']) : undefined;
  return some({ coding: codings.length === 0 ? undefined : codings, text });
};
const quantity = (random: SeededRandom): object => ({ value: random.pick(NUMBERS), ...random.pick(UNITS) });
const identifier = (random: SeededRandom): object =>
  some({
    system: random.pick(SYSTEMS),
    value: random.pick(['MRN-1', 'mrn-1', '7', '999-1-9999']),
    type: random.chance(0.5) ? { ...concept(random), text: 'Medical record number' } : undefined,
  });
const reference = (random: SeededRandom, { references, often }: GeneratedContext): object => {
  const form = random.below(10);
  if (form === 0) return { display: 'someone' };
  if (form === 1) return { identifier: identifier(random) };
  if (form === 2) return { reference: 'https://elsewhere.example/fhir/Practitioner/far-away' };
  return { reference: random.pick(form < 7 ? often : references) };
};
const range = (random: SeededRandom): object => {
  const [low = 0, high = 0] = [random.pick(NUMBERS), random.pick(NUMBERS)].sort((a, b) => a - b);
  const unit = random.pick(UNITS);
  const form = random.below(3);
  return some({
    low: form === 0 ? undefined : { value: low, ...unit },
    high: form === 1 ? undefined : { value: high, ...unit },
  });
};
const timing = (random: SeededRandom): object =>
  random.chance(0.5)
    ? { event: Array.from({ length: 1 + random.below(3) }, () => dateTime(random)) }
    : { repeat: { boundsPeriod: period(random), frequency: 1, period: 1, periodUnit: 'd' } };
const url = (random: SeededRandom): string =>
  random.pick([
    'http://example.org/a',
    'http://example.org/a/b',
    'http://example.org/A',
    'urn:oid:1.2.3',
    'urn:oid:1.2.30',
  ]);
const canonical = (random: SeededRandom): string => `${url(random)}${random.pick(['', '', '|1.0'])}`;
const word = (random: SeededRandom): string => random.pick(WORDS);

/** Datatypes without an entry are generated from the element table, part by part. */
export const VALUE_GENERATORS: Readonly<Record<string, ValueGenerator>> = {
  string: word,
  markdown: word,
  code: (random) => random.pick(['active', 'final', 'completed', 'lab', 'LAB']),
  boolean: (random) => random.chance(0.5),
  date,
  dateTime,
  instant,
  uri: url,
  url,
  canonical,
  oid: url,
  decimal: (random) => random.pick(NUMBERS),
  integer: (random) => random.below(9),
  positiveInt: (random) => 1 + random.below(9),
  unsignedInt: (random) => random.below(9),
  Period: period,
  Timing: timing,
  Coding: coding,
  CodeableConcept: concept,
  Identifier: identifier,
  Quantity: quantity,
  Age: quantity,
  Duration: quantity,
  SimpleQuantity: quantity,
  Money: (random) => ({ value: random.pick(NUMBERS), currency: random.pick(['USD', 'EUR']) }),
  Range: range,
  Reference: reference,
  ContactPoint: (random) => ({
    system: random.pick(['phone', 'email']),
    value: random.pick(['555-0100', 'ann@example.org', 'Ann@Example.org']),
    use: random.pick(['home', 'work']),
  }),
  HumanName: (random) =>
    some({ family: word(random), given: [word(random), word(random)], text: random.pick([word(random), undefined]) }),
  Address: (random) =>
    some({
      use: random.pick(['home', 'work']),
      line: ['1 Main St', word(random)],
      city: random.pick(['Tucson', 'tucson', 'Åbo']),
      state: random.pick(['AZ', 'FL', undefined]),
      postalCode: random.pick(['85701', '857']),
      country: random.pick(['US', 'DE']),
    }),
};
