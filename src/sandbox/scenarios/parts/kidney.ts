import type { PanelKey } from '../../codes/laboratory.ts';
import { YEARS_PER_DAY, type YearsAgo } from '../calendar.ts';
import type { ScenarioPart, VisitPlan } from '../scenario.ts';
import { pill } from './dosage.ts';

/**
 * Adds a kidney failure to a patient's history: ten years of chronic kidney disease, and then dialysis.
 * @param start first day of dialysis
 */
export function kidneyFailure(start: YearsAgo): ScenarioPart {
  const before = (years: number): YearsAgo => start + years;
  return {
    problems: [
      { key: 'diabeticKidney', onset: before(8) },
      { key: 'kidneyStage3', onset: before(6.5), resolved: before(3) },
      { key: 'kidneyStage4', onset: before(3), resolved: start },
      { key: 'kidneyFailure', onset: start },
      { key: 'kidneyAnemia', onset: before(1.5) },
    ],
    labs: [{ panel: 'bloodCount', every: 0.45, from: before(6.5), until: start }],
    trends: {
      creatinine: [
        [before(10), 1.1],
        [before(6.5), 1.6],
        [before(3), 2.42],
        [before(0.5), 5.2],
        [start, 7.4],
        [0, 8.1],
      ],
      urea: [
        [before(10), 17],
        [before(6.5), 26],
        [before(3), 42],
        [start, 78],
        [0, 58],
      ],
      potassium: [
        [before(6.5), 4.6],
        [before(1), 5.2],
        [start, 5.5],
        [0, 4.9],
      ],
      bicarbonate: [
        [before(6.5), 24],
        [start, 18],
        [0, 22],
      ],
      calcium: [
        [before(3), 9.1],
        [start, 8.4],
        [0, 8.9],
      ],
      albumin: [
        [before(6), 4.1],
        [start, 3.4],
        [0, 3.7],
      ],
      urineAlbumin: [
        [before(8), 90],
        [before(4), 480],
        [start, 1900],
      ],
      hemoglobin: [
        [before(5), 13.6],
        [before(1.5), 10.4],
        [start, 9.2],
        [start - 0.5, 10.9],
        [0, 11.1],
      ],
      phosphate: [
        [start, 6.8],
        [0, 5.2],
      ],
      parathyrin: [
        [start, 520],
        [0, 340],
      ],
      ferritin: [
        [start, 180],
        [0, 610],
      ],
      ironSaturation: [
        [start, 16],
        [0, 31],
      ],
    },
    medicines: [
      { drug: 'sevelamer', from: start, for: 'kidneyFailure', by: 'nephrology', dosage: pill(2, 3, 'with meals') },
      {
        drug: 'epoetin',
        from: start,
        for: 'kidneyAnemia',
        by: 'nephrology',
        dosage: { text: '4,000 units at each dialysis, 3 times a week', dose: 1, timing: [3, 1, 'wk'] },
      },
    ],
  };
}

const MEASURED = ['systolic', 'diastolic', 'pulse', 'temperature', 'weight'] as const;

/**
 * Builds the dialysis: three sessions a week. Blood is drawn at the first session of every fourth week, with more
 * panels every twelve weeks.
 */
export function dialysis(start: YearsAgo): ScenarioPart {
  const visits: VisitPlan[] = [];
  for (let week = 0; (7 * week + 7) * YEARS_PER_DAY <= start; week++) {
    for (const day of [3, 5, 7]) {
      visits.push({
        kind: 'dialysis',
        at: (7 * week + day) * YEARS_PER_DAY,
        by: 'nephrology',
        reasons: ['kidneyFailure'],
        onlyVitals: MEASURED,
        ...(day === 7 && week % 4 === 0 ? { labs: monthly(week) } : {}),
      });
    }
  }
  return { visits };
}

const monthly = (week: number): readonly PanelKey[] =>
  week % 12 === 0
    ? ['comprehensive', 'bloodCount', 'mineral', 'iron', 'a1c']
    : ['comprehensive', 'bloodCount', 'mineral'];
