import type { YearsAgo } from './calendar.ts';
import type { CodedKey } from './codes/coded-results.ts';
import type { ConditionKey } from './codes/conditions.ts';
import type { DeviceKey } from './codes/devices.ts';
import type { GoalKey } from './codes/goals.ts';
import type { AnalyteKey, PanelKey } from './codes/laboratory.ts';
import type { MedicineKey } from './codes/medicines.ts';
import type { ProcedureKey, StudyKey } from './codes/procedures.ts';
import type { StatementKey } from './codes/statements.ts';
import type { ReactionKey, SubstanceKey } from './codes/substances.ts';
import type { VaccineKey } from './codes/vaccines.ts';
import type { VisitKind } from './codes/visits.ts';
import type { VitalKey } from './codes/vital-signs.ts';
import type { PractitionerKey } from './directory/practitioners.ts';
import type { Persona } from './persona.ts';
import type { Trend } from './trend.ts';

export interface Problem {
  readonly key: ConditionKey;
  readonly onset: YearsAgo;
  readonly resolved?: YearsAgo;
  /** Still on the list, but not active: cancer treated, gout quiet. */
  readonly inactive?: boolean;
  /** A concern of health or circumstances that is not a diagnosis. US Core: health-concern */
  readonly concern?: boolean;
  /** Of whatever tells of it: HL7 ActCode, sensitivity. */
  readonly sensitive?: Sensitivity;
}

export type Sensitivity = 'PSY' | 'ETH';

/** How a medicine is taken. */
export interface Sig {
  readonly text: string;
  readonly dose: number;
  /** [times, per how many, of what] */
  readonly timing: readonly [frequency: number, period: number, unit: 'h' | 'd' | 'wk'];
  readonly asNeeded?: boolean;
}

export interface Regimen {
  readonly drug: MedicineKey;
  readonly from: YearsAgo;
  /** Left out: still taken. */
  readonly until?: YearsAgo;
  /** How it ended; a finished course is `completed`. */
  readonly end?: 'stopped' | 'completed';
  readonly why?: string;
  readonly sig: Sig;
  readonly for?: ConditionKey;
  readonly by: PractitionerKey;
  /** Told by the patient, ordered by nobody here. US Core: intent=plan, reported */
  readonly reported?: boolean;
  /** Told by a doctor, and not by the patient. */
  readonly reportedBy?: PractitionerKey;
  /** How well it is taken, as the patient says. */
  readonly taken?: 'sometimes';
  /** Meant, not yet ordered. */
  readonly planned?: boolean;
  readonly quantity?: number;
}

export interface VisitPlan {
  readonly kind: VisitKind;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  /** Looked after at this visit; the first is the main reason. Those not yet begun at the time are left out. */
  readonly reasons?: readonly ConditionKey[];
  /** Diseases that come and go with this visit, and the days until well. */
  readonly acute?: readonly ConditionKey[];
  readonly acuteDays?: number;
  /** Drawn besides what is due. */
  readonly labs?: readonly PanelKey[];
  readonly coded?: readonly CodedKey[];
  readonly said?: readonly StatementKey[];
  /** Vital signs and results found at this visit, against the usual. */
  readonly vitals?: Partial<Record<VitalKey, number>>;
  readonly results?: Partial<Record<AnalyteKey, number>>;
  /** Only these vital signs are taken. */
  readonly only?: readonly VitalKey[];
  readonly days?: number;
  readonly died?: boolean;
  /** The vital signs that are due were not taken: the patient did not want it. */
  readonly declined?: boolean;
  /** Liters a minute of oxygen that are breathed. */
  readonly oxygen?: number;
  /** What the patient says; begins the note. */
  readonly story?: string;
  readonly plan?: string;
}

export interface LabPlan {
  readonly panel: PanelKey;
  /** Years between two draws; drawn at the first visit at which it is due. */
  readonly every: number;
  readonly from: YearsAgo;
  readonly until?: YearsAgo;
}

/** Something done. */
export interface ProcedurePlan {
  readonly procedure: ProcedureKey;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  readonly for?: ConditionKey;
  /** Left out: the time when it was done is recorded, and not how long it took. */
  readonly minutes?: number;
  /** What whoever did it writes down. */
  readonly note?: string;
}

/** Something put in that stays. */
export interface DevicePlan {
  readonly device: DeviceKey;
  readonly at: YearsAgo;
}

/** What treatment is to reach. */
export interface GoalPlan {
  readonly goal: GoalKey;
  readonly from: YearsAgo;
  readonly for?: ConditionKey;
  readonly reached?: boolean;
}

/** Pictures that were taken, and what was seen in them. */
export interface ImagingPlan {
  readonly study: StudyKey;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  readonly found: string;
}

/** Somebody of the family, and what they had: nothing of it is the patient's own. */
export interface Relative {
  readonly relation: 'mother' | 'father' | 'sister' | 'brother' | 'maternalGrandmother';
  /** In years, where they live. */
  readonly age?: number;
  readonly estimated?: boolean;
  /** In years, where they died. */
  readonly died?: number;
  /** Left out: nobody knows. */
  readonly had?: readonly { readonly key: ConditionKey; readonly at?: number; readonly fatal?: boolean }[];
}

/** One disease, habit or season of life with all that it brings; a life is made of several. */
export interface Course {
  readonly problems?: readonly Problem[];
  readonly medicines?: readonly Regimen[];
  readonly visits?: readonly VisitPlan[];
  readonly labs?: readonly LabPlan[];
  readonly trends?: Partial<Record<AnalyteKey, Trend>>;
  readonly vitals?: Partial<Record<VitalKey, Trend>>;
  readonly allergies?: readonly Allergy[];
  readonly shots?: readonly Shot[];
  readonly surveys?: readonly SurveyPlan[];
  readonly procedures?: readonly ProcedurePlan[];
  readonly devices?: readonly DevicePlan[];
  readonly goals?: readonly GoalPlan[];
  readonly imaging?: readonly ImagingPlan[];
  readonly relatives?: readonly Relative[];
}

export interface Allergy {
  readonly to: SubstanceKey;
  readonly onset?: YearsAgo;
  readonly reactions?: readonly ReactionKey[];
  readonly severity?: 'mild' | 'moderate' | 'severe';
  readonly state?: 'active' | 'resolved' | 'refuted';
  readonly category?: 'food' | 'medication' | 'environment';
  readonly high?: boolean;
}

export interface Shot {
  readonly vaccine: VaccineKey;
  readonly at: YearsAgo;
  readonly refused?: boolean;
  readonly elsewhere?: boolean;
}

/** Answers over time: points of PHQ-2, PHQ-9, GAD-7, MMSE; for hunger and transport 1 is at risk; days of exercise. */
export interface SurveyPlan {
  readonly survey: 'phq2' | 'phq9' | 'gad7' | 'hunger' | 'transport' | 'memory' | 'exercise';
  readonly every: number;
  readonly from: YearsAgo;
  readonly points: Trend;
}

/** A persona and what happened. */
export interface LifeStory {
  readonly persona: Persona;
  readonly courses: readonly Course[];
}

export interface Life extends Required<Course> {
  readonly persona: Persona;
  readonly epoch: Date;
}

/** A later course has the last word on a trend. */
export function assemble(persona: Persona, epoch: Date, courses: readonly Course[]): Life {
  const all = <K extends keyof Course>(key: K) => courses.flatMap((course) => (course[key] ?? []) as never[]);
  return {
    persona,
    epoch,
    problems: all('problems'),
    medicines: all('medicines'),
    visits: all('visits'),
    labs: all('labs'),
    allergies: all('allergies'),
    shots: all('shots'),
    surveys: all('surveys'),
    procedures: all('procedures'),
    devices: all('devices'),
    goals: all('goals'),
    imaging: all('imaging'),
    relatives: all('relatives'),
    trends: Object.assign({}, ...courses.map((course) => course.trends)),
    vitals: Object.assign({}, ...courses.map((course) => course.vitals)),
  };
}

/** A visit may come a few days before what it is for, as it keeps office hours. */
export const SOON: YearsAgo = 0.012;

/** Whether something that began and maybe ended was going on then. */
export const ongoing = (thing: { from: YearsAgo; until?: YearsAgo | undefined }, ago: YearsAgo): boolean =>
  thing.from >= ago && (thing.until === undefined || thing.until < ago);

export const activeProblems = (life: Life, ago: YearsAgo): readonly Problem[] =>
  life.problems.filter((problem) => ongoing({ from: problem.onset, until: problem.resolved }, ago));

export const activeMedicines = (life: Life, ago: YearsAgo): readonly Regimen[] =>
  life.medicines.filter((regimen) => regimen.planned !== true && ongoing(regimen, ago));
