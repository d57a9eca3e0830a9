import type { PanelKey } from '../codes/laboratory.ts';
import type { RecordBuilder, ScheduledVisit } from './record-builder.ts';
import { addAppointment } from './resources/administrative/appointment.ts';
import { addCoverage } from './resources/administrative/coverage.ts';
import { addExplanationOfBenefit } from './resources/administrative/explanation-of-benefit.ts';
import { addPatient } from './resources/administrative/patient.ts';
import { addCaregiver } from './resources/administrative/related-person.ts';
import { addAdvanceDirective } from './resources/clinical/advance-directive.ts';
import { addAllergies } from './resources/clinical/allergy.ts';
import { addCarePlan } from './resources/clinical/care-plan.ts';
import { addCareTeam } from './resources/clinical/care-team.ts';
import { addDiagnoses, addProblems } from './resources/clinical/condition.ts';
import { addDocument } from './resources/clinical/document.ts';
import { addEncounter, scheduleVisits } from './resources/clinical/encounter.ts';
import { addDevices, addProcedures } from './resources/clinical/procedure.ts';
import { addImmunizations } from './resources/medications/immunization.ts';
import { addInpatientMedications } from './resources/medications/inpatient-medication.ts';
import { addMedicationRequests } from './resources/medications/medication-request.ts';
import { addCodedResult } from './resources/observations/coded-results.ts';
import { addEnteredInError } from './resources/observations/entered-in-error.ts';
import { addImaging } from './resources/observations/imaging.ts';
import { addPanels, duePanels } from './resources/observations/laboratory.ts';
import { addOccupation, addPersonalAnswers } from './resources/observations/occupation-and-orientation.ts';
import { addStatement } from './resources/observations/recorded-statement.ts';
import { addPregnancy, addSmoking } from './resources/observations/social-history.ts';
import { addSurveys } from './resources/observations/survey.ts';
import { addVitals } from './resources/observations/vital-signs.ts';
import { addProvenance } from './resources/provenance.ts';

/**
 * Times at which each panel and each survey was last done, in years before the sandbox's fixed date. The next one is
 * due a fixed interval later.
 */
interface LastDone {
  readonly panels: Map<PanelKey, number>;
  readonly surveys: Map<string, number>;
}

/** Generates all resources of a scenario, visit by visit. */
export function generateRecord(chart: RecordBuilder, serial: number): void {
  addPatient(chart, serial);
  const visits = scheduleVisits(chart);
  const due: LastDone = { panels: new Map(), surveys: new Map() };
  addProblems(chart, visits);
  addAllergies(chart);
  for (const visit of visits) addVisit(chart, visit, due);
  addMedicationRequests(chart, visits);
  addInpatientMedications(chart, visits);
  addImmunizations(chart, visits);
  addProcedures(chart, visits);
  addDevices(chart);
  addImaging(chart, visits);
  addOccupation(chart);
  addAdvanceDirective(chart, visits);
  addCarePlan(chart, addCareTeam(chart, visits, addCaregiver(chart, serial)));
  addExplanationOfBenefit(chart, visits, addCoverage(chart, serial));
  addAppointment(chart);
  addEnteredInError(chart, visits);
  addProvenance(chart, visits);
}

function addVisit(chart: RecordBuilder, visit: ScheduledVisit, due: LastDone): void {
  addEncounter(chart, visit, addDiagnoses(chart, visit));
  const measured = addVitals(chart, visit);
  addPanels(chart, visit, duePanels(chart, visit, due.panels));
  for (const key of visit.plan.coded ?? []) addCodedResult(chart, visit, key);
  for (const key of visit.plan.statements ?? []) addStatement(chart, visit, key);
  if (visit.plan.kind === 'checkup' && chart.ageAt(visit.start) >= 13) addSmoking(chart, visit);
  if (visit.plan.kind === 'checkup' && visit.ago < 1) addPersonalAnswers(chart, visit);
  if (visit.plan.kind === 'prenatal') addPregnancy(chart, visit);
  addSurveys(chart, visit, due.surveys);
  addDocument(chart, visit, measured);
}
