import { asNeeded, capsule } from '../parts/dosage.ts';
import { covidImmunizations, immunizations } from '../parts/immunizations.ts';
import { checkups, singleVisit } from '../parts/visits.ts';
import type { PatientScenario } from '../scenario.ts';

export const kai: PatientScenario = {
  persona: {
    key: 'kai',
    username: 'patient18',
    about:
      'A broken arm in the emergency department, strep throat, an aspirin allergy that was none, a weight entered in error.',
    covers: ['mistake', 'emergency', 'pastAllergy', 'vaccineElsewhere', 'laboratory', 'pdf', 'questionnaire', 'bill'],
    given: ['Kai', 'Makana'],
    family: 'Driftglass',
    gender: 'male',
    birthSex: 'M',
    age: 28.55,
    race: 'hawaiian',
    languages: ['en'],
    married: 'S',
    street: '31 Chuparosa Trail',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    heightCm: 181,
    weightKg: 86,
    mistake: true,
  },
  parts: [
    checkups(4.3, 'family2'),
    singleVisit({
      kind: 'emergency',
      at: 2.17,
      by: 'emergency',
      acute: ['forearmFracture'],
      acuteDays: 56,
      vitals: { pulse: 104, systolic: 138 },
      story: 'Fell off a skateboard on his right arm.',
      plan: 'Simple fracture. Cast for six weeks; see the practice in one.',
    }),
    singleVisit({
      kind: 'followUp',
      at: 2.14,
      by: 'family2',
      story: 'Cast on the right forearm fits well. Little pain.',
    }),
    singleVisit({ kind: 'followUp', at: 2.05, by: 'family2', story: 'Cast taken off. Full movement.' }),
    singleVisit({
      kind: 'problem',
      at: 1.3,
      by: 'family2',
      acute: ['strepThroat'],
      vitals: { temperature: 38.7 },
      story: 'Sore throat and fever since two days.',
    }),
    {
      allergies: [{ substance: 'aspirin', onset: 12, reactions: ['rash'], severity: 'mild', state: 'refuted' }],
      medicines: [
        {
          drug: 'ibuprofen',
          from: 2.17,
          until: 2.1,
          end: 'completed',
          for: 'forearmFracture',
          by: 'emergency',
          quantity: 60,
          dosage: asNeeded('Take 2 tablets every 6 hours as needed for pain, with food', 2, 6),
        },
        {
          drug: 'amoxicillin',
          from: 1.3,
          until: 1.27,
          end: 'completed',
          for: 'strepThroat',
          by: 'family2',
          quantity: 20,
          dosage: capsule(1, 2, 'for 10 days'),
        },
      ],
    },
    covidImmunizations,
    immunizations(['tdap', 4.3], ['influenza', 1.1]),
  ],
};
