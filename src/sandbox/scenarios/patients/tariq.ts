import { every } from '../calendar.ts';
import { growth, wellChild } from '../parts/childhood.ts';
import { pill, puffs, rescueInhaler } from '../parts/dosage.ts';
import { childhoodImmunizations, fluImmunizations } from '../parts/immunizations.ts';
import { followUps, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

const TARIQ = 15.4;

export const tariq: PatientScenario = {
  persona: {
    key: 'tariq',
    username: 'patient06',
    about: 'A teenager with asthma and ADHD: inhalers, an emergency visit, percentiles up to fifteen.',
    covers: ['growth', 'emergency', 'reported', 'dispense', 'vaccineRefused', 'vaccineElsewhere'],
    given: ['Tariq', 'Elijah'],
    family: 'Moonstone',
    gender: 'male',
    birthSex: 'M',
    age: TARIQ,
    race: 'black',
    languages: ['en'],
    street: '58 Ironwood Drive',
    town: ['Saguaro Springs', '85099'],
    doctor: 'pediatrics',
    heightCm: 170,
    weightKg: 58,
    contact: { given: 'Renee', family: 'Moonstone', relation: 'mother' },
  },
  parts: [
    growth(TARIQ, 1.02),
    wellChild(TARIQ, 7.5),
    childhoodImmunizations(TARIQ, 7.5),
    fluImmunizations(7, [2]),
    followUps(every(0.5, 6.1, 0.2), 'pediatrics', ['asthma', 'adhd']),
    singleVisit({
      kind: 'emergency',
      at: 3.62,
      by: 'emergency',
      reasons: ['asthma'],
      vitals: { saturation: 92, respirations: 30, pulse: 118 },
      story: 'Wheezing since the morning, the inhaler helps for an hour only.',
      plan: 'Three nebulizer treatments. Steroid tablets for 5 days; see the pediatrician this week.',
    }),
    singleVisit({
      kind: 'problem',
      at: 2.85,
      by: 'pediatrics',
      onlyVitals: ['weight', 'height'],
      coded: ['boneAgeOfTwelve'],
      story: 'Has grown a lot since spring. How tall will he be?',
      plan: 'The X-ray of the hand fits his age.',
    }),
    {
      problems: [
        { key: 'asthma', onset: 8.2 },
        { key: 'adhd', onset: 5.6 },
        { key: 'rhinitis', onset: 6.5 },
      ],
      allergies: [
        { substance: 'grassPollen', onset: 6.5, reactions: ['itching'], severity: 'mild', category: 'environment' },
      ],
      medicines: [
        { drug: 'albuterol', from: 7.4, for: 'asthma', by: 'pediatrics', quantity: 200, dosage: rescueInhaler },
        { drug: 'fluticasone', from: 3.6, for: 'asthma', by: 'pediatrics', dosage: puffs(2, 2) },
        {
          drug: 'prednisone',
          from: 3.62,
          until: 3.6,
          end: 'completed',
          for: 'asthma',
          by: 'emergency',
          quantity: 10,
          dosage: pill(2, 1, 'for 5 days'),
        },
        {
          drug: 'methylphenidate',
          from: 5.6,
          for: 'adhd',
          by: 'pediatrics',
          dosage: pill(1, 1, 'in the morning on school days'),
        },
        {
          drug: 'cetirizine',
          from: 5.1,
          reported: true,
          for: 'rhinitis',
          by: 'pediatrics',
          dosage: pill(1, 1, 'in spring'),
        },
      ],
    },
  ],
};
