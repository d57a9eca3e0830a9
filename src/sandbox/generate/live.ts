import type { Chart, Visit } from './chart.ts';
import type { PanelKey } from './codes/laboratory.ts';
import { recordAdvanceDirective } from './record/advance-directive.ts';
import { recordAllergies } from './record/allergy.ts';
import { recordAppointment } from './record/appointment.ts';
import { recordBill } from './record/bill.ts';
import { recordCarePlan } from './record/care-plan.ts';
import { recordCareTeam } from './record/care-team.ts';
import { recordCoded } from './record/coded-results.ts';
import { recordDiagnoses, recordProblems } from './record/condition.ts';
import { recordCoverage } from './record/coverage.ts';
import { recordDocument } from './record/document.ts';
import { recordEncounter, scheduleVisits } from './record/encounter.ts';
import { recordImaging } from './record/imaging.ts';
import { recordShots } from './record/immunization.ts';
import { duePanels, recordPanels } from './record/laboratory.ts';
import { recordMedicines } from './record/medication-request.ts';
import { recordMistake } from './record/mistake.ts';
import { recordPatient } from './record/patient.ts';
import { recordAnswers, recordOccupation } from './record/person-facts.ts';
import { recordDevices, recordProcedures } from './record/procedure.ts';
import { recordProvenance } from './record/provenance.ts';
import { recordCaregiver } from './record/related-person.ts';
import { recordPregnancy, recordSmoking } from './record/social-history.ts';
import { recordStatement } from './record/statement.ts';
import { recordSurveys } from './record/survey.ts';
import { recordVitals } from './record/vital-signs.ts';
import { recordWardMedicines } from './record/ward-medicine.ts';

/** When each panel and survey was last done, in years ago. Due dates count from there. */
interface Due {
  readonly panels: Map<PanelKey, number>;
  readonly surveys: Map<string, number>;
}

/** Generates all resources of a scenario, visit by visit. */
export function live(chart: Chart, serial: number): void {
  recordPatient(chart, serial);
  const visits = scheduleVisits(chart);
  const due: Due = { panels: new Map(), surveys: new Map() };
  recordProblems(chart, visits);
  recordAllergies(chart);
  for (const visit of visits) attend(chart, visit, due);
  recordMedicines(chart, visits);
  recordWardMedicines(chart, visits);
  recordShots(chart, visits);
  recordProcedures(chart, visits);
  recordDevices(chart);
  recordImaging(chart, visits);
  recordOccupation(chart);
  recordAdvanceDirective(chart, visits);
  recordCarePlan(chart, recordCareTeam(chart, visits, recordCaregiver(chart, serial)));
  recordBill(chart, visits, recordCoverage(chart, serial));
  recordAppointment(chart);
  recordMistake(chart, visits);
  recordProvenance(chart, visits);
}

function attend(chart: Chart, visit: Visit, due: Due): void {
  recordEncounter(chart, visit, recordDiagnoses(chart, visit));
  const measured = recordVitals(chart, visit);
  recordPanels(chart, visit, duePanels(chart, visit, due.panels));
  for (const key of visit.plan.coded ?? []) recordCoded(chart, visit, key);
  for (const key of visit.plan.said ?? []) recordStatement(chart, visit, key);
  if (visit.plan.kind === 'checkup' && chart.age(visit.start) >= 13) recordSmoking(chart, visit);
  if (visit.plan.kind === 'checkup' && visit.ago < 1) recordAnswers(chart, visit);
  if (visit.plan.kind === 'prenatal') recordPregnancy(chart, visit);
  recordSurveys(chart, visit, due.surveys);
  recordDocument(chart, visit, measured);
}
