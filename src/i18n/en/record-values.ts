/** Texts of values in a patient's record: units, comparators, and kinds of ID numbers. */
export const recordValues = {
  units: {
    /** Names of units, by the number before them. */
    words: {
      second: { one: 'second', other: 'seconds' },
      minute: { one: 'minute', other: 'minutes' },
      hour: { one: 'hour', other: 'hours' },
      day: { one: 'day', other: 'days' },
      week: { one: 'week', other: 'weeks' },
      month: { one: 'month', other: 'months' },
      year: { one: 'year', other: 'years' },
      unit: { one: 'unit', other: 'units' },
      arbitraryUnit: { one: 'arbitrary unit', other: 'arbitrary units' },
      uspUnit: { one: 'USP unit', other: 'USP units' },
      bethesdaUnit: { one: 'Bethesda unit', other: 'Bethesda units' },
      hounsfieldUnit: { one: 'Hounsfield unit', other: 'Hounsfield units' },
      woodUnit: { one: 'Wood unit', other: 'Wood units' },
      highPowerField: { one: 'high-power field', other: 'high-power fields' },
      lowPowerField: { one: 'low-power field', other: 'low-power fields' },
      grain: { one: 'grain', other: 'grains' },
      drop: { one: 'drop', other: 'drops' },
      teaspoon: { one: 'teaspoon', other: 'teaspoons' },
      tablespoon: { one: 'tablespoon', other: 'tablespoons' },
      cup: { one: 'cup', other: 'cups' },
      mile: { one: 'mile', other: 'miles' },
      diopter: { one: 'diopter', other: 'diopters' },
      tablet: { one: 'tablet', other: 'tablets' },
      capsule: { one: 'capsule', other: 'capsules' },
      puff: { one: 'puff', other: 'puffs' },
      pill: { one: 'pill', other: 'pills' },
    },
    /** Texts before "units", by UCUM prefix. */
    prefixes: { m: 'milli', u: 'micro', n: 'nano', p: 'pico', k: 'thousand ', M: 'million ' } as Readonly<
      Record<string, string>
    >,
    per: (unit: string) => `per ${unit}`,
    /** A unit for which only a number in a code system is known. */
    code: (code: string) => `(unit code ${code})`,
  },
  /** Texts for Quantity.comparator. */
  comparators: {
    '<': (value: string) => `less than ${value}`,
    '<=': (value: string) => `${value} or less`,
    '>=': (value: string) => `${value} or more`,
    '>': (value: string) => `more than ${value}`,
  } as Readonly<Record<string, (value: string) => string>>,
  /** The control that shows a value with all digits that the practice sent, if the page shows it rounded. */
  exactValue: 'Exact value',
  identifiers: {
    /** Names of kinds of ID numbers. */
    kinds: {
      medicalRecord: 'Medical record number',
      socialSecurity: 'Social Security number',
      driverLicense: 'Driver’s license number',
      passport: 'Passport number',
      member: 'Member number',
      subscriber: 'Subscriber number',
      medicare: 'Medicare number',
      medicaid: 'Medicaid number',
      taxpayer: 'Taxpayer number',
      permanentResident: 'Permanent resident card number',
      visa: 'Visa number',
      military: 'Military ID number',
      national: 'National ID number',
      birthCertificate: 'Birth certificate number',
      account: 'Account number',
      patient: 'Patient number',
      provider: 'Provider number (NPI)',
      other: 'ID number',
    },
    /** A number of which only the end is shown. */
    endsIn: (digits: string) => `ends in ${digits}`,
    onRecord: 'on record, not shown',
    /** The control that shows a hidden number. */
    show: 'Show number',
  },
};
