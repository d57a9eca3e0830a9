import type { Chart, Visit } from './chart.ts';
import type { PanelKey } from './codes/laboratory.ts';
import { recordAllergies } from './record/allergy.ts';
import { recordCoded } from './record/coded-results.ts';
import { recordDiagnoses, recordProblems } from './record/condition.ts';
import { recordDocument } from './record/document.ts';
import { recordEncounter, scheduleVisits } from './record/encounter.ts';
import { recordShots } from './record/immunization.ts';
import { duePanels, recordPanels } from './record/laboratory.ts';
import { recordMedicines } from './record/medication-request.ts';
import { recordMistake } from './record/mistake.ts';
import { recordPatient } from './record/patient.ts';
import { recordProvenance } from './record/provenance.ts';
import { recordPregnancy, recordSmoking } from './record/social-history.ts';
import { recordSurveys } from './record/survey.ts';
import { recordVitals } from './record/vital-signs.ts';

/** When something was last done, by name: what is due is counted from there. */
interface Due {
  readonly panels: Map<PanelKey, number>;
  readonly surveys: Map<string, number>;
}

/** Writes a life into its chart, visit by visit. */
export function live(chart: Chart, serial: number): void {
  recordPatient(chart, serial);
  const visits = scheduleVisits(chart);
  const due: Due = { panels: new Map(), surveys: new Map() };
  recordProblems(chart, visits);
  recordAllergies(chart);
  for (const visit of visits) attend(chart, visit, due);
  recordMedicines(chart, visits);
  recordShots(chart, visits);
  recordMistake(chart, visits);
  recordProvenance(chart, visits);
}

function attend(chart: Chart, visit: Visit, due: Due): void {
  recordEncounter(chart, visit, recordDiagnoses(chart, visit));
  const measured = recordVitals(chart, visit);
  recordPanels(chart, visit, duePanels(chart, visit, due.panels));
  for (const key of visit.plan.coded ?? []) recordCoded(chart, visit, key);
  if (visit.plan.kind === 'checkup' && chart.age(visit.start) >= 13) recordSmoking(chart, visit);
  if (visit.plan.kind === 'prenatal') recordPregnancy(chart, visit);
  recordSurveys(chart, visit, due.surveys);
  recordDocument(chart, visit, measured);
}
