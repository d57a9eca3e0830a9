import { growth, wellChild } from '../parts/childhood.ts';
import { childhoodImmunizations } from '../parts/immunizations.ts';
import type { Persona } from '../persona.ts';
import type { PatientScenario } from '../scenario.ts';

const AGE = 3.4;

/**
 * Twins with the same birth date, family name and address. Only first name and medical record number tell them apart.
 */
const twin = (
  details: Pick<Persona, 'key' | 'username' | 'given' | 'gender' | 'birthSex' | 'weightKg'>,
  size: number,
): PatientScenario => ({
  persona: {
    ...details,
    about: `One of twins: the same family name, birth date and address as ${details.key === 'luna' ? 'Leo' : 'Luna'}. Prefers Spanish.`,
    covers: ['twin', 'accents', 'spanish', 'growth', 'noAllergies', 'medicaid'],
    family: 'Nightheron',
    age: AGE,
    race: 'white',
    hispanic: 'mexican',
    languages: ['es', 'en'],
    insurance: 'medicaid',
    street: '3 Mesquite Court',
    town: ['Saguaro Springs', '85099'],
    doctor: 'pediatrics',
    heightCm: 97,
    contact: { given: 'Sofía', family: 'Nightheron', relation: 'mother' },
  },
  parts: [
    growth(AGE, size),
    wellChild(AGE, AGE, 'bornEarly'),
    childhoodImmunizations(AGE, AGE),
    { allergies: [{ substance: 'none' }] },
  ],
});

export const luna = twin(
  { key: 'luna', username: 'patient21', given: ['Luna', 'Belén'], gender: 'female', birthSex: 'F', weightKg: 14.1 },
  0.98,
);
export const leo = twin(
  { key: 'leo', username: 'patient22', given: ['Leo', 'Andrés'], gender: 'male', birthSex: 'M', weightKg: 14.9 },
  1.02,
);
