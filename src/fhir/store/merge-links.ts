import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';

/** FHIR R4, code system link-type: that another is to be used, and that this one is used in the place of another. */
type LinkType = 'replaced-by' | 'replaces';

interface PatientLink {
  readonly type: LinkType;
  readonly patientId: string;
}

/** The links of a Patient to others that were, or are, the same person's. FHIR R4, Patient.link */
export function patientLinks(patient: unknown): readonly PatientLink[] {
  return linksOf(patient).flatMap((link) => {
    const { type, other } = isObject(link) ? link : {};
    const [, patientId] = /^Patient\/(.+)$/.exec(String(isObject(other) ? other['reference'] : '')) ?? [];
    return patientId !== undefined && (type === 'replaced-by' || type === 'replaces') ? [{ type, patientId }] : [];
  });
}

/** A Patient that is used no more: inactive, with a link to the one that is to be used. The same the second time. */
export function replacedBy<R extends Resource>(patient: R, survivor: string): R {
  const { active: _active, ...rest } = patient as R & { readonly active?: unknown };
  return withLink({ ...rest, active: false } as unknown as R, { type: 'replaced-by', patientId: survivor });
}

/** A Patient that is used in the place of others. The same the second time. */
export const replacing = <R extends Resource>(patient: R, others: readonly string[]): R =>
  others.reduce((sum, patientId) => withLink(sum, { type: 'replaces', patientId }), patient);

/** Without what says that it and one of others are one person's. */
export const unlinked = <R extends Resource>(patient: R, others: readonly string[]): R =>
  others
    .flatMap((patientId) => [{ type: 'replaces', patientId } as const, { type: 'replaced-by', patientId } as const])
    .reduce(withoutLink, patient);

/** Without what `replacedBy` added. @param active as it was before; undefined: it did not say */
export function notReplaced<R extends Resource>(patient: R, survivor: string, active: unknown): R {
  const { active: _active, ...rest } = withoutLink(patient, { type: 'replaced-by', patientId: survivor }) as R & {
    readonly active?: unknown;
  };
  return { ...rest, ...(active === undefined ? {} : { active }) } as unknown as R;
}

function withLink<R extends Resource>(patient: R, { type, patientId }: PatientLink): R {
  if (patientLinks(patient).some((link) => link.type === type && link.patientId === patientId)) return patient;
  const link = { other: { reference: `Patient/${patientId}` }, type };
  const { link: _link, ...rest } = patient as R & { readonly link?: unknown };
  return { ...rest, link: [...linksOf(patient), link] } as unknown as R;
}

function withoutLink<R extends Resource>(patient: R, { type, patientId }: PatientLink): R {
  const { link: _link, ...rest } = patient as R & { readonly link?: unknown };
  const links = linksOf(patient);
  const left = links.filter(
    (link) => !patientLinks({ link: [link] }).some((one) => one.type === type && one.patientId === patientId),
  );
  if (left.length === links.length) return patient;
  return (left.length === 0 ? rest : { ...rest, link: left }) as unknown as R;
}

function linksOf(patient: unknown): readonly unknown[] {
  const link = isObject(patient) ? patient['link'] : undefined;
  return Array.isArray(link) ? link : [];
}
