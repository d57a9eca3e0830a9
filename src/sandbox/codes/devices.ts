import { codeableConcept, type SandboxConcept } from './coding.ts';

interface SandboxDevice {
  readonly type: SandboxConcept;
  readonly name: string;
  /** GS1 item number: 13 digits without the check digit. The prefix is unassigned. */
  readonly item: string;
}

const DEVICES = {
  stent: {
    type: codeableConcept('snomed', '705643001', 'Coronary artery stent (physical object)', 'Stent in a heart vessel'),
    name: 'Sandbox CorOpen 3.0 x 18',
    item: '0999999000101',
  },
  coil: {
    type: codeableConcept('snomed', '268460000', 'Intrauterine contraceptive device (physical object)', 'Copper coil'),
    name: 'Sandbox CopperT',
    item: '0999999000202',
  },
} satisfies Record<string, SandboxDevice>;

export type DeviceKey = keyof typeof DEVICES;
export const device = (key: DeviceKey): SandboxDevice => DEVICES[key];

/** GTIN-14 with its check digit: GS1 General Specifications §7.9. */
export function gtin(item: string): string {
  const sum = [...item].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${item}${(10 - (sum % 10)) % 10}`;
}
