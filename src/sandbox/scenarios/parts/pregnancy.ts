import { every, weeks } from '../calendar.ts';
import type { ScenarioPart } from '../scenario.ts';
import { pill } from './dosage.ts';

/**
 * Builds a pregnancy that is in the given week at the epoch, with prenatal visits every four weeks from week eight on.
 */
export function pregnancy(week: number): ScenarioPart {
  const at = (count: number) => weeks(week - count);
  const times = every(weeks(4), at(8), 0.004);
  return {
    problems: [{ key: 'pregnancy', onset: at(0) }],
    visits: times.map((time, index) => ({
      kind: 'prenatal',
      at: time,
      by: 'obstetrics',
      reasons: ['pregnancy', 'gestationalDiabetes', 'ironDeficiency'],
      ...(index === 0 ? { labs: ['bloodCount', 'thyroid'], coded: ['bloodType'] } : {}),
      ...(index === 4 ? { labs: ['glucoseChallenge', 'bloodCount', 'iron'] } : {}),
      ...(index === 5 ? { labs: ['a1c', 'bloodCount', 'iron'] } : {}),
    })),
    vitals: {
      weight: [
        [at(0), 63],
        [at(12), 64.2],
        [at(28), 71],
        [at(40), 76],
      ],
      systolic: [
        [at(0), 112],
        [at(20), 106],
        [at(36), 114],
      ],
      diastolic: [
        [at(0), 70],
        [at(20), 64],
        [at(36), 72],
      ],
    },
    trends: {
      hemoglobin: [
        [at(8), 12.8],
        [at(24), 10.6],
        [at(30), 11],
      ],
      ferritin: [
        [at(8), 38],
        [at(24), 9],
        [at(32), 14],
      ],
      mcv: [
        [at(8), 88],
        [at(24), 79],
      ],
    },
    medicines: [
      { drug: 'iron', from: at(24), for: 'ironDeficiency', by: 'obstetrics', dosage: pill(1, 1, 'with orange juice') },
    ],
  };
}
