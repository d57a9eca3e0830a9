import type { Resource } from '../../core/version.ts';

/** FHIR R4 DeviceUseStatement.status, where Device.status tells it: of what is implanted it says whether it still is. */
const STATUS: Readonly<Record<string, string>> = { active: 'active', inactive: 'completed' };

const UNKNOWN = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/**
 * What the guide has in place of a Device: that a patient uses it. It says nothing that the Device does not: since when
 * is unknown, and so is its status where the Device has none. IPS 2.0.0, DeviceUseStatement-uv-ips
 * @param addresses of the two in the document
 */
export function deviceUse(
  device: Resource,
  id: string,
  addresses: { readonly patient: string; readonly device: string },
): Resource {
  const status = STATUS[String(device['status'])];
  return {
    resourceType: 'DeviceUseStatement',
    id,
    ...(status === undefined ? { _status: UNKNOWN } : { status }),
    subject: { reference: addresses.patient },
    _timingDateTime: UNKNOWN,
    device: { reference: addresses.device },
  };
}
