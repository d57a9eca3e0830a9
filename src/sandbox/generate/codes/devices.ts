import { type Concept, conceptOf } from './coding.ts';

interface Device {
  readonly type: Concept;
  readonly name: string;
  /** GS1 item number: 13 digits without the check digit. The prefix is unassigned. */
  readonly item: string;
}

const DEVICES = {
  stent: {
    type: conceptOf('snomed', '705643001', 'Coronary artery stent (physical object)', 'Stent in a heart vessel'),
    name: 'Sandbox CorOpen 3.0 x 18',
    item: '0999999000101',
  },
  coil: {
    type: conceptOf('snomed', '268460000', 'Intrauterine contraceptive device (physical object)', 'Copper coil'),
    name: 'Sandbox CopperT',
    item: '0999999000202',
  },
} satisfies Record<string, Device>;

export type DeviceKey = keyof typeof DEVICES;
export const device = (key: DeviceKey): Device => DEVICES[key];

/** GTIN-14 with its check digit: GS1 General Specifications §7.9. */
export function gtin(item: string): string {
  const sum = [...item].reverse().reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `${item}${(10 - (sum % 10)) % 10}`;
}
