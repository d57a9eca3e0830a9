/** A word for a unit. Its texts in each language are in the message catalog. */
export type UnitWord =
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'week'
  | 'month'
  | 'year'
  | 'unit'
  | 'arbitraryUnit'
  | 'uspUnit'
  | 'bethesdaUnit'
  | 'hounsfieldUnit'
  | 'woodUnit'
  | 'highPowerField'
  | 'lowPowerField'
  | 'grain'
  | 'drop'
  | 'teaspoon'
  | 'tablespoon'
  | 'cup'
  | 'mile'
  | 'diopter'
  | 'tablet'
  | 'capsule'
  | 'puff'
  | 'pill';

/** How an atomic unit of UCUM is shown: as a symbol that is the same in all languages, or as a word. */
export type UnitAtom = { readonly symbol: string } | { readonly word: UnitWord };

const symbols = (table: Readonly<Record<string, string>>): readonly (readonly [string, UnitAtom])[] =>
  Object.entries(table).map(([code, symbol]) => [code, { symbol }]);
const words = (table: Readonly<Record<string, UnitWord>>): readonly (readonly [string, UnitAtom])[] =>
  Object.entries(table).map(([code, word]) => [code, { word }]);

// The codes are the case-sensitive ones of UCUM 2.2 (https://ucum.org/ucum), as far as health records use them. A
// symbol follows the ISMP List of Error-Prone Abbreviations: L not l, "units" not U or IU.

/** Units that take a prefix, such as the m of mg. */
export const METRIC_ATOMS: ReadonlyMap<string, UnitAtom> = new Map([
  ...symbols({
    m: 'm',
    g: 'g',
    K: 'K',
    mol: 'mol',
    cd: 'cd',
    rad: 'rad',
    L: 'L',
    l: 'L',
    Hz: 'Hz',
    N: 'N',
    Pa: 'Pa',
    J: 'J',
    W: 'W',
    A: 'A',
    V: 'V',
    Ohm: 'Ω',
    S: 'S',
    Cel: '°C',
    lm: 'lm',
    lx: 'lx',
    Bq: 'Bq',
    Gy: 'Gy',
    Sv: 'Sv',
    Ci: 'Ci',
    eq: 'Eq',
    osm: 'Osm',
    kat: 'kat',
    bar: 'bar',
    cal: 'cal',
    eV: 'eV',
    dyn: 'dyn',
    'g%': 'g%',
    'm[Hg]': 'mHg',
    'm[H2O]': 'mH₂O',
  }),
  ...words({ s: 'second', U: 'unit', '[IU]': 'unit', '[iU]': 'unit' }),
]);

export const PLAIN_ATOMS: ReadonlyMap<string, UnitAtom> = new Map([
  ...symbols({
    '%': '%',
    '[ppm]': 'ppm',
    '[ppb]': 'ppb',
    '[pH]': '',
    deg: '°',
    '[degF]': '°F',
    '[in_i]': 'in',
    '[in_us]': 'in',
    '[ft_i]': 'ft',
    '[ft_us]': 'ft',
    '[yd_i]': 'yd',
    '[sin_i]': 'in²',
    '[sft_i]': 'ft²',
    '[lb_av]': 'lb',
    '[oz_av]': 'oz',
    '[foz_us]': 'fl oz',
    '[pt_us]': 'pt',
    '[qt_us]': 'qt',
    '[gal_us]': 'gal',
    '[Cal]': 'kcal',
    '[psi]': 'psi',
    "[in_i'Hg]": 'inHg',
    "[in_i'H2O]": 'inH₂O',
    '[CFU]': 'CFU',
    '[PFU]': 'PFU',
    '[FFU]': 'FFU',
    '[CCID_50]': 'CCID₅₀',
    '[TCID_50]': 'TCID₅₀',
    '[MET]': 'MET',
    '[Ch]': 'Fr',
  }),
  ...words({
    min: 'minute',
    h: 'hour',
    d: 'day',
    wk: 'week',
    mo: 'month',
    mo_j: 'month',
    a: 'year',
    a_j: 'year',
    a_g: 'year',
    "[arb'U]": 'arbitraryUnit',
    "[USP'U]": 'uspUnit',
    "[beth'U]": 'bethesdaUnit',
    "[hnsf'U]": 'hounsfieldUnit',
    "[wood'U]": 'woodUnit',
    '[HPF]': 'highPowerField',
    '[LPF]': 'lowPowerField',
    '[gr]': 'grain',
    '[drp]': 'drop',
    '[tsp_us]': 'teaspoon',
    '[tbs_us]': 'tablespoon',
    '[cup_us]': 'cup',
    '[mi_i]': 'mile',
    '[mi_us]': 'mile',
    '[diop]': 'diopter',
  }),
]);

/** Prefixes of UCUM. ISMP: micro is written mc, because µ is mistaken for m. */
export const PREFIXES: Readonly<Record<string, string>> = {
  T: 'T',
  G: 'G',
  M: 'M',
  k: 'k',
  h: 'h',
  da: 'da',
  d: 'd',
  c: 'c',
  m: 'm',
  u: 'mc',
  n: 'n',
  p: 'p',
  f: 'f',
};

/** Symbols after which "mc" for micro isn't customary, so that µ is kept: µm, µA, µV. No dose has these units. */
export const KEEPS_MICRO_SIGN = ['m', 'A', 'V', 'S', 'Sv', 'Gy'];

/**
 * Dose forms, for which UCUM has no unit: codes of HL7 v3 orderableDrugForm (in lower case) and SNOMED CT, and the usual
 * words.
 */
export const DOSE_FORMS: Readonly<Record<string, UnitWord>> = {
  tab: 'tablet',
  tbl: 'tablet',
  tablet: 'tablet',
  tablets: 'tablet',
  '385055001': 'tablet',
  cap: 'capsule',
  capsule: 'capsule',
  capsules: 'capsule',
  '385049006': 'capsule',
  puff: 'puff',
  puffs: 'puff',
  '415215001': 'puff',
  pill: 'pill',
  pills: 'pill',
  '46992007': 'pill',
};

/** Common spellings of units that aren't UCUM, each with its UCUM code. Keys are parts between slashes. */
export const SPELLINGS: Readonly<Record<string, string>> = {
  mmHg: 'mm[Hg]',
  'mm Hg': 'mm[Hg]',
  cmH2O: 'cm[H2O]',
  mcg: 'ug',
  mcL: 'uL',
  mcmol: 'umol',
  gm: 'g',
  gram: 'g',
  grams: 'g',
  milligram: 'mg',
  milligrams: 'mg',
  milliliter: 'mL',
  milliliters: 'mL',
  mls: 'mL',
  cc: 'mL',
  liters: 'L',
  mEq: 'meq',
  mOsm: 'mosm',
  IU: '[IU]',
  mIU: 'm[IU]',
  uIU: 'u[IU]',
  kIU: 'k[IU]',
  u: 'U',
  lb: '[lb_av]',
  lbs: '[lb_av]',
  oz: '[oz_av]',
  in: '[in_i]',
  inches: '[in_i]',
  ft: '[ft_i]',
  degC: 'Cel',
  '°C': 'Cel',
  'degrees C': 'Cel',
  degF: '[degF]',
  '°F': '[degF]',
  'degrees F': '[degF]',
  sec: 's',
  seconds: 's',
  minute: 'min',
  minutes: 'min',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  Day: 'd',
  days: 'd',
  week: 'wk',
  weeks: 'wk',
  month: 'mo',
  months: 'mo',
  year: 'a',
  years: 'a',
  yr: 'a',
  yrs: 'a',
  tsp: '[tsp_us]',
  teaspoon: '[tsp_us]',
  teaspoons: '[tsp_us]',
  tbsp: '[tbs_us]',
  tablespoon: '[tbs_us]',
  tablespoons: '[tbs_us]',
  drop: '[drp]',
  drops: '[drp]',
  HPF: '[HPF]',
  hpf: '[HPF]',
  LPF: '[LPF]',
  lpf: '[LPF]',
};

/** Annotations and texts of a unit that say only that the value is a plain number. */
export const NO_UNIT = [
  '1',
  '#',
  'score',
  '(score)',
  'nominal',
  'count',
  'number',
  'ratio',
  'index',
  'ph',
  '(ph)',
  'unity',
  'unitless',
  'urine specific gravity',
];
