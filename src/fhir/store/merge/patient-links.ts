import { isObject } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';

/**
 * Type of a link between two Patient resources for the same person (FHIR R4 code system link-type). `replaced-by`: the
 * linked Patient replaces the one that has the link. `replaces`: the Patient that has the link replaces the linked one.
 */
type PatientLinkType = 'replaced-by' | 'replaces';

interface PatientMergeLink {
  readonly type: PatientLinkType;
  readonly patientId: string;
}

/**
 * Returns a Patient's links to other Patients for the same person (FHIR R4 Patient.link), without links of other types.
 */
export function getPatientLinks(patient: unknown): readonly PatientMergeLink[] {
  return rawLinks(patient).flatMap((link) => {
    const { type, other } = isObject(link) ? link : {};
    const [, patientId] = /^Patient\/(.+)$/.exec(String(isObject(other) ? other['reference'] : '')) ?? [];
    return patientId !== undefined && (type === 'replaced-by' || type === 'replaces') ? [{ type, patientId }] : [];
  });
}

/**
 * Marks a Patient as replaced by another: sets `active` to false and adds a link. A Patient that is already marked
 * stays unchanged.
 */
export function markReplaced<R extends Resource>(patient: R, survivor: string): R {
  const { active: _active, ...rest } = patient as R & { readonly active?: unknown };
  return withLink({ ...rest, active: false } as unknown as R, { type: 'replaced-by', patientId: survivor });
}

/**
 * Adds links from a Patient to the Patients it replaces. A link that the Patient already has isn't added a second time.
 */
export const addReplacesLinks = <R extends Resource>(patient: R, others: readonly string[]): R =>
  others.reduce((sum, patientId) => withLink(sum, { type: 'replaces', patientId }), patient);

/** Removes a Patient's links to the given Patients, in both directions (`replaces` and `replaced-by`). */
export const removePatientLinks = <R extends Resource>(patient: R, others: readonly string[]): R =>
  others
    .flatMap((patientId) => [{ type: 'replaces', patientId } as const, { type: 'replaced-by', patientId } as const])
    .reduce(withoutLink, patient);

/**
 * Restores a Patient that was marked as replaced: removes the link to the other Patient, and sets `active` to its value
 * before the merge.
 * @param active value of `active` before the merge; undefined if the Patient didn't have the element
 */
export function unmarkReplaced<R extends Resource>(patient: R, survivor: string, active: unknown): R {
  const { active: _active, ...rest } = withoutLink(patient, { type: 'replaced-by', patientId: survivor }) as R & {
    readonly active?: unknown;
  };
  return { ...rest, ...(active === undefined ? {} : { active }) } as unknown as R;
}

function withLink<R extends Resource>(patient: R, { type, patientId }: PatientMergeLink): R {
  if (getPatientLinks(patient).some((link) => link.type === type && link.patientId === patientId)) return patient;
  const link = { other: { reference: `Patient/${patientId}` }, type };
  const { link: _link, ...rest } = patient as R & { readonly link?: unknown };
  return { ...rest, link: [...rawLinks(patient), link] } as unknown as R;
}

function withoutLink<R extends Resource>(patient: R, { type, patientId }: PatientMergeLink): R {
  const { link: _link, ...rest } = patient as R & { readonly link?: unknown };
  const links = rawLinks(patient);
  const left = links.filter(
    (link) => !getPatientLinks({ link: [link] }).some((one) => one.type === type && one.patientId === patientId),
  );
  if (left.length === links.length) return patient;
  return (left.length === 0 ? rest : { ...rest, link: left }) as unknown as R;
}

function rawLinks(patient: unknown): readonly unknown[] {
  const link = isObject(patient) ? patient['link'] : undefined;
  return Array.isArray(link) ? link : [];
}
