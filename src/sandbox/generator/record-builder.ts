import type { Resource } from '../../fhir/index.ts';
import { derivedUuid } from '../../kernel/index.ts';
import type { AnalyteKey } from '../codes/laboratory.ts';
import type { SandboxDirectory, SandboxReference } from '../directory/directory.ts';
import { dateAt, type YearsAgo, yearsBetween } from '../scenarios/calendar.ts';
import { displayName } from '../scenarios/persona.ts';
import type { AssembledScenario, VisitPlan } from '../scenarios/scenario.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';

/** A visit of the scenario with its computed times. */
export interface ScheduledVisit {
  readonly key: string;
  readonly plan: VisitPlan;
  readonly start: Date;
  readonly end: Date;
  readonly ago: YearsAgo;
  readonly encounter: SandboxReference;
}

/** The resources of one person's record while they are generated. */
export interface RecordBuilder {
  readonly scenario: AssembledScenario;
  readonly directory: SandboxDirectory;
  readonly random: SeededRandom;
  readonly subject: SandboxReference;
  readonly resources: Resource[];
  /** Latest laboratory values, used by the visit notes. */
  readonly results: Map<AnalyteKey, { readonly value: number; readonly at: Date }>;
  /**
   * References to the resources that each visit created, by visit key, for Provenance. The key '' holds resources that
   * belong to no visit.
   */
  readonly referencesByVisit: Map<string, SandboxReference[]>;
  referenceTo(type: string, key: string): SandboxReference;
  /**
   * Adds a resource. Its id is derived from type and key, so a key may be used only once for each type; a second use
   * throws.
   */
  add(type: string, key: string, body: Readonly<Record<string, unknown>>, visit?: ScheduledVisit): SandboxReference;
  dateAt(ago: YearsAgo): Date;
  ageAt(date: Date): number;
}

export function createRecordBuilder(seed: string, life: AssembledScenario, directory: SandboxDirectory): RecordBuilder {
  const { persona, epoch } = life;
  const id = (type: string, key: string) => derivedUuid('patient-access sandbox', seed, persona.key, type, key);
  const pointer = (type: string, key: string): SandboxReference => ({ reference: `${type}/${id(type, key)}` });
  const resources: Resource[] = [];
  const made = new Map<string, SandboxReference[]>();
  const written = new Set<string>();
  const born = dateAt(epoch, persona.age);
  return {
    scenario: life,
    directory,
    resources,
    referencesByVisit: made,
    random: seededRandom(seed, persona.key),
    results: new Map(),
    subject: { ...pointer('Patient', 'self'), display: displayName(persona) },
    referenceTo: pointer,
    dateAt: (ago) => dateAt(epoch, ago),
    ageAt: (date) => yearsBetween(born, date),
    add(type, key, body, visit) {
      const reference = pointer(type, key);
      if (written.has(reference.reference)) throw new Error(`${persona.key} has two resources ${type} "${key}"`);
      written.add(reference.reference);
      resources.push({ resourceType: type, id: id(type, key), ...body });
      const references = made.get(visit?.key ?? '') ?? [];
      references.push(reference);
      made.set(visit?.key ?? '', references);
      return reference;
    },
  };
}
