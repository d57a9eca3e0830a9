import type { LifeStory } from '../life.ts';
import { adaeze } from './adaeze.ts';
import { alex } from './alex.ts';
import { ana } from './ana.ts';
import { claire } from './claire.ts';
import { eleanor } from './eleanor.ts';
import { fatima } from './fatima.ts';
import { frank } from './frank.ts';
import { harold } from './harold.ts';
import { ingrid } from './ingrid.ts';
import { jonah } from './jonah.ts';
import { june } from './june.ts';
import { kai } from './kai.ts';
import { leonard } from './leonard.ts';
import { maria, mariaAtHeartClinic } from './maria.ts';
import { mei } from './mei.ts';
import { milo } from './milo.ts';
import { priya } from './priya.ts';
import { ramon } from './ramon.ts';
import { sofia } from './sofia.ts';
import { tariq } from './tariq.ts';
import { leo, luna } from './twins.ts';
import { walter } from './walter.ts';

/** Scenarios of the first practice, in the order of usernames and medical record numbers. */
export const LIVES: readonly LifeStory[] = [
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

/** Scenarios of the second practice. Each of these people has a record at the first practice too. */
export const HEART_CLINIC_LIVES: readonly LifeStory[] = [mariaAtHeartClinic];
