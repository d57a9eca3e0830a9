import { adaeze } from './patients/adaeze.ts';
import { alex } from './patients/alex.ts';
import { ana } from './patients/ana.ts';
import { claire } from './patients/claire.ts';
import { eleanor } from './patients/eleanor.ts';
import { fatima } from './patients/fatima.ts';
import { frank } from './patients/frank.ts';
import { harold } from './patients/harold.ts';
import { ingrid } from './patients/ingrid.ts';
import { jonah } from './patients/jonah.ts';
import { june } from './patients/june.ts';
import { kai } from './patients/kai.ts';
import { leonard } from './patients/leonard.ts';
import { maria, mariaAtHeartClinic } from './patients/maria.ts';
import { mei } from './patients/mei.ts';
import { milo } from './patients/milo.ts';
import { priya } from './patients/priya.ts';
import { ramon } from './patients/ramon.ts';
import { sofia } from './patients/sofia.ts';
import { tariq } from './patients/tariq.ts';
import { leo, luna } from './patients/twins.ts';
import { walter } from './patients/walter.ts';
import type { PatientScenario } from './scenario.ts';

/** Scenarios of the first practice, in the order of usernames and medical record numbers. */
export const PATIENT_SCENARIOS: readonly PatientScenario[] = [
  ana,
  walter,
  sofia,
  milo,
  june,
  tariq,
  claire,
  harold,
  ramon,
  eleanor,
  adaeze,
  jonah,
  frank,
  ingrid,
  mei,
  priya,
  alex,
  kai,
  leonard,
  fatima,
  luna,
  leo,
  maria,
];

/** Scenarios of the second practice. Each of its patients has a record at the first practice too. */
export const HEART_CLINIC_SCENARIOS: readonly PatientScenario[] = [mariaAtHeartClinic];
