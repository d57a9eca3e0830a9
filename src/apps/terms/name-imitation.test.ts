import { describe, expect, it } from 'vitest';
import { looksLike } from './name-imitation.ts';

describe('a name that users could confuse with another', () => {
  it.each([
    'Riverside Clinic',
    'riverside clinic',
    'RIVERSIDE-CLINIC',
    'RiversideClinic',
    'R i v e r s i d e  C l i n i c',
    'Riverside  ·  Clinic!',
    'Ríverside Clínic',
    'Riverside Clinic App',
    'The official Riverside Clinic portal',
    'My Riverside Clinic – secure sign-in',
    'Riverside Clinic Patient Records',
    'R\u0456verside Clinic',
    'R1vers1de C1inic',
    'Riverslde Clinic',
    'Ｒｉｖｅｒｓｉｄｅ Ｃｌｉｎｉｃ',
    '𝐑𝐢𝐯𝐞𝐫𝐬𝐢𝐝𝐞 𝐂𝐥𝐢𝐧𝐢𝐜',
    'R|vers!de Clinic',
    'R\u0456\u0475\u0435\u0433\u0455\u0456\u0501\u0435 \u0421\u04cf\u0456\u043f\u0456\u0441',
  ])('%s looks like Riverside Clinic', (name) => {
    expect(looksLike(name, 'Riverside Clinic')).toBe(true);
  });

  it.each([
    'Riverside',
    'Clinic',
    'Riverside Running Club',
    'Lakeside Clinic',
    'My Health',
    'Blood pressure diary',
    'Здоровье',
    'App',
  ])('%s does not look like Riverside Clinic', (name) => {
    expect(looksLike(name, 'Riverside Clinic')).toBe(false);
  });

  it('treats letter pairs that look like another letter as that letter', () => {
    expect(looksLike('Modem Care', 'Modern Care')).toBe(true);
    expect(looksLike('Wellness vvorks', 'Wellness Works')).toBe(true);
  });

  it('never matches a name without letters', () => {
    expect(looksLike('App', '…')).toBe(false);
  });
});
