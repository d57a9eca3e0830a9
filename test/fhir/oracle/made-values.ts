import type { Dice } from './dice.ts';
import { CLINICAL, KINDS_OF } from './known-codes.ts';

/** Makes a value of a datatype, in every form that searches distinguish. */
export type MakeValue = (dice: Dice, around: Around) => unknown;

export interface Around {
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

const day = (dice: Dice): string => `${2018 + dice.roll(6)}-${two(1 + dice.roll(12))}-${two(1 + dice.roll(28))}`;
const instant = (dice: Dice): string =>
  `${day(dice)}T${two(dice.roll(24))}:${two(dice.roll(60))}:${two(dice.roll(60))}${dice.pick(['', '.5', '.125'])}${dice.pick(['Z', '+02:00', '-05:00', '+05:45'])}`;
const date = (dice: Dice): string => day(dice).slice(0, dice.pick([4, 7, 10]));
const dateTime = (dice: Dice): string => (dice.chance(0.5) ? date(dice) : instant(dice));

const period = (dice: Dice): object => {
  const [first = '', last = ''] = [dateTime(dice), dateTime(dice)].sort();
  const form = dice.roll(4);
  if (form === 0) return { start: first };
  return form === 1 ? { end: last } : { start: first, end: last };
};
const coding = (dice: Dice): object =>
  dice.chance(0.2)
    ? { system: CLINICAL, code: dice.pick(Object.keys(KINDS_OF)) }
    : some({ system: dice.pick(SYSTEMS), code: dice.pick(CODES), display: dice.pick(DISPLAYS) });
const concept = (dice: Dice): object => {
  const codings = Array.from({ length: dice.roll(3) }, () => coding(dice));
  const text = codings.length === 0 || dice.chance(0.3) ? dice.pick(['Sugar in the blood', 'Pressure']) : undefined;
  return some({ coding: codings.length === 0 ? undefined : codings, text });
};
const quantity = (dice: Dice): object => ({ value: dice.pick(NUMBERS), ...dice.pick(UNITS) });
const identifier = (dice: Dice): object =>
  some({
    system: dice.pick(SYSTEMS),
    value: dice.pick(['MRN-1', 'mrn-1', '7', '999-1-9999']),
    type: dice.chance(0.5) ? { ...concept(dice), text: 'Medical record number' } : undefined,
  });
const reference = (dice: Dice, { references, often }: Around): object => {
  const form = dice.roll(10);
  if (form === 0) return { display: 'someone' };
  if (form === 1) return { identifier: identifier(dice) };
  if (form === 2) return { reference: 'https://elsewhere.example/fhir/Practitioner/far-away' };
  return { reference: dice.pick(form < 7 ? often : references) };
};
const range = (dice: Dice): object => {
  const [low = 0, high = 0] = [dice.pick(NUMBERS), dice.pick(NUMBERS)].sort((a, b) => a - b);
  const unit = dice.pick(UNITS);
  const form = dice.roll(3);
  return some({
    low: form === 0 ? undefined : { value: low, ...unit },
    high: form === 1 ? undefined : { value: high, ...unit },
  });
};
const timing = (dice: Dice): object =>
  dice.chance(0.5)
    ? { event: Array.from({ length: 1 + dice.roll(3) }, () => dateTime(dice)) }
    : { repeat: { boundsPeriod: period(dice), frequency: 1, period: 1, periodUnit: 'd' } };
const url = (dice: Dice): string =>
  dice.pick([
    'http://example.org/a',
    'http://example.org/a/b',
    'http://example.org/A',
    'urn:oid:1.2.3',
    'urn:oid:1.2.30',
  ]);
const canonical = (dice: Dice): string => `${url(dice)}${dice.pick(['', '', '|1.0'])}`;
const word = (dice: Dice): string => dice.pick(WORDS);

/** Datatypes without an entry are generated from the element table, part by part. */
export const VALUES: Readonly<Record<string, MakeValue>> = {
  string: word,
  markdown: word,
  code: (dice) => dice.pick(['active', 'final', 'completed', 'lab', 'LAB']),
  boolean: (dice) => dice.chance(0.5),
  date,
  dateTime,
  instant,
  uri: url,
  url,
  canonical,
  oid: url,
  decimal: (dice) => dice.pick(NUMBERS),
  integer: (dice) => dice.roll(9),
  positiveInt: (dice) => 1 + dice.roll(9),
  unsignedInt: (dice) => dice.roll(9),
  Period: period,
  Timing: timing,
  Coding: coding,
  CodeableConcept: concept,
  Identifier: identifier,
  Quantity: quantity,
  Age: quantity,
  Duration: quantity,
  SimpleQuantity: quantity,
  Money: (dice) => ({ value: dice.pick(NUMBERS), currency: dice.pick(['USD', 'EUR']) }),
  Range: range,
  Reference: reference,
  ContactPoint: (dice) => ({
    system: dice.pick(['phone', 'email']),
    value: dice.pick(['555-0100', 'ann@example.org', 'Ann@Example.org']),
    use: dice.pick(['home', 'work']),
  }),
  HumanName: (dice) =>
    some({ family: word(dice), given: [word(dice), word(dice)], text: dice.pick([word(dice), undefined]) }),
  Address: (dice) =>
    some({
      use: dice.pick(['home', 'work']),
      line: ['1 Main St', word(dice)],
      city: dice.pick(['Tucson', 'tucson', 'Åbo']),
      state: dice.pick(['AZ', 'FL', undefined]),
      postalCode: dice.pick(['85701', '857']),
      country: dice.pick(['US', 'DE']),
    }),
};
