import { isObject } from '../../kernel/index.ts';

const SUBSETTED_TAG = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' };

/**
 * Adds the tag `SUBSETTED` to the `meta` of an incomplete resource, unless it already has the tag. FHIR R4 search
 * §3.1.1.5.8
 */
export function withSubsettedTag(meta: unknown): object {
  const { tag, ...rest } = isObject(meta) ? meta : {};
  const tags = [tag ?? []].flat();
  const has = tags.some(
    (one) => isObject(one) && one['system'] === SUBSETTED_TAG.system && one['code'] === SUBSETTED_TAG.code,
  );
  return { ...rest, tag: has ? tags : [...tags, SUBSETTED_TAG] };
}
