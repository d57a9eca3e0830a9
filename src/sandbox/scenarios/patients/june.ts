import { growth, wellChild } from '../parts/childhood.ts';
import { childhoodImmunizations } from '../parts/immunizations.ts';
import type { PatientScenario } from '../scenario.ts';

const JUNE = 0.53;

export const june: PatientScenario = {
  persona: {
    key: 'june',
    username: 'patient05',
    about: 'A baby of six months: head circumference, weight for length, first vaccines.',
    covers: ['guardian', 'growth', 'noAllergies'],
    given: ['June', 'Alma'],
    family: 'Meadowlark',
    gender: 'female',
    birthSex: 'F',
    age: JUNE,
    race: 'white',
    languages: ['en'],
    street: '220 Juniper Street',
    town: ['Saguaro Springs', '85099'],
    doctor: 'pediatrics',
    heightCm: 66,
    weightKg: 7.4,
    contact: { given: 'Claire', family: 'Meadowlark', relation: 'mother', represents: 'claire' },
  },
  parts: [
    growth(JUNE, 0.99),
    wellChild(JUNE, JUNE, 'bornAtTerm'),
    childhoodImmunizations(JUNE, JUNE),
    { allergies: [{ substance: 'none' }] },
  ],
};
