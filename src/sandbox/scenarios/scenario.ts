import type { CodedKey } from '../codes/coded-results.ts';
import type { ConditionKey } from '../codes/conditions.ts';
import type { DeviceKey } from '../codes/devices.ts';
import type { GoalKey } from '../codes/goals.ts';
import type { AnalyteKey, PanelKey } from '../codes/laboratory.ts';
import type { MedicineKey } from '../codes/medicines.ts';
import type { ProcedureKey, StudyKey } from '../codes/procedures.ts';
import type { StatementKey } from '../codes/recorded-statements.ts';
import type { ReactionKey, SubstanceKey } from '../codes/substances.ts';
import type { VaccineKey } from '../codes/vaccines.ts';
import type { VisitKind } from '../codes/visits.ts';
import type { VitalKey } from '../codes/vital-signs.ts';
import type { PractitionerKey } from '../directory/practitioners.ts';
import type { YearsAgo } from './calendar.ts';
import type { Persona } from './persona.ts';
import type { Trend } from './trend.ts';

export interface ProblemPlan {
  readonly key: ConditionKey;
  readonly onset: YearsAgo;
  readonly resolved?: YearsAgo;
  /**
   * True if the problem is still on the problem list but not active, such as treated cancer or gout between attacks.
   */
  readonly inactive?: boolean;
  /** A health or social concern that is not a diagnosis (US Core category health-concern). */
  readonly concern?: boolean;
  /** HL7 ActCode label for all resources that reveal the problem. */
  readonly sensitive?: Sensitivity;
}

export type Sensitivity = 'PSY' | 'ETH';

export interface DosagePlan {
  readonly text: string;
  readonly dose: number;
  /** How often the patient takes the medication, as in FHIR Timing.repeat: frequency, period and period unit. */
  readonly timing: readonly [frequency: number, period: number, unit: 'h' | 'd' | 'wk'];
  readonly asNeeded?: boolean;
}

export interface RegimenPlan {
  readonly drug: MedicineKey;
  readonly from: YearsAgo;
  /** Time at which the patient stops taking the medication. Absent while the patient still takes it. */
  readonly until?: YearsAgo;
  /** The status of the ended regimen. `completed` means that the course was finished. */
  readonly end?: 'stopped' | 'completed';
  readonly endReason?: string;
  readonly dosage: DosagePlan;
  readonly for?: ConditionKey;
  readonly by: PractitionerKey;
  /**
   * True if the patient reported the medication and this practice didn't order it. US Core: intent=plan with
   * reportedBoolean.
   */
  readonly reported?: boolean;
  /** The doctor who reported the medication, instead of the patient. */
  readonly reportedBy?: PractitionerKey;
  /** Adherence to the medication as reported by the patient. */
  readonly adherence?: 'sometimes';
  /** True if the medication is planned but not ordered yet. */
  readonly planned?: boolean;
  readonly quantity?: number;
}

export interface VisitPlan {
  readonly kind: VisitKind;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  /**
   * Conditions treated at this visit; the first is the main reason. Conditions that had not begun at that time are left
   * out.
   */
  readonly reasons?: readonly ConditionKey[];
  /** Conditions that begin with this visit and resolve after `acuteDays`. */
  readonly acute?: readonly ConditionKey[];
  readonly acuteDays?: number;
  /** Panels drawn in addition to those that are due. */
  readonly labs?: readonly PanelKey[];
  readonly coded?: readonly CodedKey[];
  readonly statements?: readonly StatementKey[];
  /** Vital signs and results measured at this visit, overriding the computed values. */
  readonly vitals?: Partial<Record<VitalKey, number>>;
  readonly results?: Partial<Record<AnalyteKey, number>>;
  /** If present, only these vital signs are taken at the visit. */
  readonly onlyVitals?: readonly VitalKey[];
  readonly days?: number;
  readonly died?: boolean;
  /** True if the patient declined to have the vital signs taken. */
  readonly declinedVitals?: boolean;
  /** Inhaled oxygen in liters per minute, recorded with the oxygen saturation. */
  readonly oxygen?: number;
  /** The patient's words at the visit. The note begins with them. */
  readonly story?: string;
  readonly plan?: string;
}

export interface LabPlan {
  readonly panel: PanelKey;
  /** Years between two blood draws for the panel. The panel is drawn at the first visit at which it is due. */
  readonly every: number;
  readonly from: YearsAgo;
  readonly until?: YearsAgo;
}

export interface ProcedurePlan {
  readonly procedure: ProcedureKey;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  readonly for?: ConditionKey;
  /** Duration of the procedure in minutes. Absent if only the time of the procedure is recorded. */
  readonly minutes?: number;
  readonly note?: string;
}

export interface DevicePlan {
  readonly device: DeviceKey;
  readonly at: YearsAgo;
}

export interface GoalPlan {
  readonly goal: GoalKey;
  readonly from: YearsAgo;
  readonly for?: ConditionKey;
  readonly reached?: boolean;
}

/** An imaging or tissue study and its findings. */
export interface ImagingPlan {
  readonly study: StudyKey;
  readonly at: YearsAgo;
  readonly by: PractitionerKey;
  readonly findings: string;
}

/** A relative and their conditions, for FamilyMemberHistory. None of these conditions is the patient's own. */
export interface RelativePlan {
  readonly relation: 'mother' | 'father' | 'sister' | 'brother' | 'maternalGrandmother';
  /** Age in years, if the relative is alive. */
  readonly age?: number;
  readonly estimated?: boolean;
  readonly died?: number;
  /** Conditions of the relative. Absent if the relative's health is unknown. */
  readonly conditions?: readonly { readonly key: ConditionKey; readonly at?: number; readonly fatal?: boolean }[];
}

/** One condition, habit or period of life with everything that comes with it. A scenario combines several. */
export interface ScenarioPart {
  readonly problems?: readonly ProblemPlan[];
  readonly medicines?: readonly RegimenPlan[];
  readonly visits?: readonly VisitPlan[];
  readonly labs?: readonly LabPlan[];
  readonly trends?: Partial<Record<AnalyteKey, Trend>>;
  readonly vitals?: Partial<Record<VitalKey, Trend>>;
  readonly allergies?: readonly AllergyPlan[];
  readonly immunizations?: readonly ImmunizationPlan[];
  readonly surveys?: readonly SurveyPlan[];
  readonly procedures?: readonly ProcedurePlan[];
  readonly devices?: readonly DevicePlan[];
  readonly goals?: readonly GoalPlan[];
  readonly imaging?: readonly ImagingPlan[];
  readonly relatives?: readonly RelativePlan[];
}

export interface AllergyPlan {
  readonly substance: SubstanceKey;
  readonly onset?: YearsAgo;
  readonly reactions?: readonly ReactionKey[];
  readonly severity?: 'mild' | 'moderate' | 'severe';
  readonly state?: 'active' | 'resolved' | 'refuted';
  readonly category?: 'food' | 'medication' | 'environment';
  readonly highRisk?: boolean;
}

export interface ImmunizationPlan {
  readonly vaccine: VaccineKey;
  readonly at: YearsAgo;
  readonly refused?: boolean;
  readonly elsewhere?: boolean;
}

/**
 * Survey scores over time: points of PHQ-2, PHQ-9, GAD-7 and MMSE; for hunger and transport, 1 means at risk; for
 * exercise, days per week.
 */
export interface SurveyPlan {
  readonly survey: 'phq2' | 'phq9' | 'gad7' | 'hunger' | 'transport' | 'memory' | 'exercise';
  readonly every: number;
  readonly from: YearsAgo;
  readonly points: Trend;
}

/** A test patient (persona), and the parts that make up the medical history. */
export interface PatientScenario {
  readonly persona: Persona;
  readonly parts: readonly ScenarioPart[];
}

export interface AssembledScenario extends Required<ScenarioPart> {
  readonly persona: Persona;
  readonly epoch: Date;
}

/** Combines the parts of a scenario. If two of them define the same trend, the later one wins. */
export function assembleScenario(persona: Persona, epoch: Date, courses: readonly ScenarioPart[]): AssembledScenario {
  const all = <K extends keyof ScenarioPart>(key: K) => courses.flatMap((course) => (course[key] ?? []) as never[]);
  return {
    persona,
    epoch,
    problems: all('problems'),
    medicines: all('medicines'),
    visits: all('visits'),
    labs: all('labs'),
    allergies: all('allergies'),
    immunizations: all('immunizations'),
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

/**
 * Tolerance in years (about four days) for matching a visit with its reason: visits are moved to office hours and may
 * fall a few days early.
 */
export const VISIT_TOLERANCE: YearsAgo = 0.012;

/** Whether a problem or regimen was ongoing at a time. */
export const isOngoing = (period: { from: YearsAgo; until?: YearsAgo | undefined }, ago: YearsAgo): boolean =>
  period.from >= ago && (period.until === undefined || period.until < ago);

export const activeProblems = (life: AssembledScenario, ago: YearsAgo): readonly ProblemPlan[] =>
  life.problems.filter((problem) => isOngoing({ from: problem.onset, until: problem.resolved }, ago));

export const activeMedicines = (life: AssembledScenario, ago: YearsAgo): readonly RegimenPlan[] =>
  life.medicines.filter((regimen) => regimen.planned !== true && isOngoing(regimen, ago));
