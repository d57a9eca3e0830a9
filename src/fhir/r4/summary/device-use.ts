import type { Resource } from '../../model/fhir-version.ts';

/**
 * Derives DeviceUseStatement.status (FHIR R4) from Device.status, which says of an implant whether it is still in
 * place.
 */
const STATUS: Readonly<Record<string, string>> = { active: 'active', inactive: 'completed' };

const UNKNOWN = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
};

/**
 * Builds the statement that a patient uses a device, which IPS 2.0.0 (DeviceUseStatement-uv-ips) requires in place of
 * the Device itself. It adds no information: the time is unknown, and so is the status if the Device has none.
 * @param addresses references to the patient and the device in the document
 */
export function buildDeviceUse(
  device: Resource,
  id: string,
  references: { readonly patient: string; readonly device: string },
): Resource {
  const status = STATUS[String(device['status'])];
  return {
    resourceType: 'DeviceUseStatement',
    id,
    ...(status === undefined ? { _status: UNKNOWN } : { status }),
    subject: { reference: references.patient },
    _timingDateTime: UNKNOWN,
    device: { reference: references.device },
  };
}
