import { covidImmunizations, immunizations } from '../parts/immunizations.ts';
import { pregnancy } from '../parts/pregnancy.ts';
import { checkups } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const sofia: PatientScenario = {
  persona: {
    key: 'sofia',
    username: 'patient03',
    about: 'Pregnant, in the thirty-second week: prenatal visits, due date, diabetes in pregnancy.',
    covers: [
      'accents',
      'pregnancy',
      'noAllergies',
      'dispense',
      'vaccineElsewhere',
      'laboratory',
      'codedResult',
      'pdf',
      'questionnaire',
      'bill',
    ],
    given: ['Sofía', 'Inés'],
    family: 'Nightheron',
    gender: 'female',
    birthSex: 'F',
    age: 29.84,
    race: 'white',
    hispanic: 'yes',
    languages: ['en', 'es'],
    married: 'M',
    street: '3 Mesquite Court',
    town: ['Saguaro Springs', '85099'],
    doctor: 'family',
    heightCm: 160,
    weightKg: 63,
  },
  parts: [
    checkups(3.7, 'family', 0.7),
    pregnancy(32),
    {
      problems: [
        { key: 'gestationalDiabetes', onset: 0.13 },
        { key: 'ironDeficiency', onset: 0.152 },
      ],
      trends: { glucoseChallenge: [[0.2, 172]], a1c: [[0.1, 5.4]] },
      allergies: [{ substance: 'none' }],
    },
    covidImmunizations,
    immunizations(['influenza', 0.09], ['tdap', 0.07]),
  ],
};
