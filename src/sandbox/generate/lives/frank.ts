import { every } from '../calendar.ts';
import { hypertension } from '../courses/metabolic.ts';
import { covidShots, fluShots, shots } from '../courses/shots.ts';
import { pill, puffs, rescueInhaler } from '../courses/sig.ts';
import { checkups, returning, visit } from '../courses/visits.ts';
import type { LifeStory } from '../life.ts';

export const frank: LifeStory = {
  persona: {
    key: 'frank',
    username: 'patient13',
    about: 'Smokes every day, COPD: oxygen saturation, lung function, a hospital stay with pneumonia.',
    given: ['Frank', 'Anthony'],
    family: 'Coppertree',
    gender: 'male',
    birthSex: 'M',
    age: 67.6,
    race: 'white',
    languages: ['en'],
    married: 'D',
    street: '88 Greasewood Lane',
    town: ['Coyote Wells', '85098'],
    doctor: 'family2',
    heightCm: 176,
    weightKg: 71,
    smoking: 'daily',
  },
  courses: [
    checkups(5.1, 'family2'),
    hypertension(
      7,
      [
        [7, 148],
        [3, 138],
        [0, 134],
      ],
      'family2',
    ),
    returning(every(0.5, 4.85), 'family2', ['copd', 'hypertension'], { vitals: { saturation: 93 } }),
    visit({
      kind: 'consult',
      at: 4.5,
      by: 'cardiology',
      reasons: ['copd'],
      coded: ['spirometryReduced', 'ejectionNormal'],
      story: 'Short of breath on stairs. Is it the heart?',
      plan: 'The heart pumps well. Breathlessness is from the lungs.',
    }),
    visit({
      kind: 'hospital',
      at: 1.8,
      by: 'hospital',
      days: 5,
      results: { crp: 171, sedimentation: 70, leukocytes: 16.2 },
      acute: ['pneumonia'],
      acuteDays: 28,
      reasons: ['copd'],
      labs: ['comprehensive', 'bloodCount', 'inflammation'],
      coded: ['covidFound', 'spirometryPoor'],
      vitals: { temperature: 39.1, saturation: 86, respirations: 30, pulse: 116 },
      story: 'Fever, yellow phlegm, cannot finish a sentence.',
      plan: 'Oxygen, antibiotics and steroids. Home without oxygen. Wants to try to stop smoking.',
    }),
    {
      problems: [{ key: 'copd', onset: 6.2 }],
      medicines: [
        { drug: 'albuterol', from: 5.1, for: 'copd', by: 'family2', quantity: 200, sig: rescueInhaler },
        { drug: 'salmeterol', from: 4.85, for: 'copd', by: 'family2', sig: puffs(1, 2) },
        {
          drug: 'prednisone',
          from: 1.8,
          until: 1.77,
          end: 'completed',
          for: 'copd',
          by: 'hospital',
          quantity: 10,
          sig: pill(2, 1, 'for 5 days'),
        },
      ],
      allergies: [{ to: 'none' }],
    },
    fluShots(5, [0, 3]),
    covidShots,
    shots(['pneumococcal20', 1.6]),
  ],
};
