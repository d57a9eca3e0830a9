import { describe, expect, it } from 'vitest';
import { getMessages } from '../../i18n/index.ts';
import { formatExactQuantity, formatQuantity } from './quantity.ts';

const UCUM = 'http://unitsofmeasure.org';
const english = getMessages('en').patientPortal.patientRecord.values;
const spanish = getMessages('es').patientPortal.patientRecord.values;
const coded = (value: number, code: string, unit?: string) => ({ value, code, system: UCUM, ...(unit && { unit }) });

// UCUM: https://ucum.org/ucum. ISMP: List of Error-Prone Abbreviations, Symbols, and Dose Designations.
describe('a UCUM code', () => {
  it.each([
    ['mm[Hg]', '5 mmHg', '5 mmHg'],
    ['Cel', '5 °C', '5 °C'],
    ['[degF]', '5 °F', '5 °F'],
    ['[lb_av]', '5 lb', '5 lb'],
    ['[in_i]', '5 in', '5 in'],
    ['[foz_us]', '5 fl oz', '5 fl oz'],
    ['kg/m2', '5 kg/m²', '5 kg/m²'],
    ['%', '5%', '5%'],
    ['mL/min/{1.73_m2}', '5 mL/min/1.73 m²', '5 mL/min/1.73 m²'],
    ['mL/min/1.73.m2', '5 mL/min/1.73 m²', '5 mL/min/1.73 m²'],
    ['mg/g{creat}', '5 mg/g', '5 mg/g'],
    ['10*3/uL', '5 ×10³/mcL', '5 ×10³/mcL'],
    ['10*9/L', '5 ×10⁹/L', '5 ×10⁹/L'],
    ['10^6/uL', '5 ×10⁶/mcL', '5 ×10⁶/mcL'],
    ['m/(6.min)', '5 m per 6 min', '5 m por 6 min'],
    ['mg/(kg.d)', '5 mg/(kg·day)', '5 mg/(kg·día)'],
    ['mg/kg/d', '5 mg/kg/day', '5 mg/kg/día'],
    ['mm/h', '5 mm/hour', '5 mm/hora'],
    ['meq/L', '5 mEq/L', '5 mEq/L'],
    ['cm[H2O]', '5 cmH₂O', '5 cmH₂O'],
    ['g/cm-2', '5 g/cm⁻²', '5 g/cm⁻²'],
    // Rates and times are words.
    ['/min', '5 per minute', '5 por minuto'],
    ['{beats}/min', '5 per minute', '5 por minuto'],
    ['/[HPF]', '5 per high-power field', '5 por campo de gran aumento'],
    ['/uL', '5 per mcL', '5 por mcL'],
    ['d/wk', '5 days per week', '5 días por semana'],
    ['a', '5 years', '5 años'],
    ['mo', '5 months', '5 meses'],
    ['s', '5 seconds', '5 segundos'],
    ['ms', '5 ms', '5 ms'],
    ['{copies}/mL', '5 copies/mL', '5 copies/mL'],
    // Plain numbers have no unit.
    ['1', '5', '5'],
    ['{score}', '5', '5'],
    ['[pH]', '5', '5'],
    // ISMP: micro is mc, units are written out, liter is L.
    ['ug', '5 mcg', '5 mcg'],
    ['ug/dL', '5 mcg/dL', '5 mcg/dL'],
    ['umol/l', '5 mcmol/L', '5 mcmol/L'],
    ['ml', '5 mL', '5 mL'],
    ['U/L', '5 units/L', '5 unidades/L'],
    ['[IU]', '5 units', '5 unidades'],
    ['m[IU]/L', '5 milliunits/L', '5 miliunidades/L'],
    ['u[IU]/mL', '5 microunits/mL', '5 microunidades/mL'],
    ['k[IU]/L', '5 thousand units/L', '5 mil unidades/L'],
  ])('%s is %s in English and %s in Spanish', (code, en, es) => {
    expect(formatQuantity(coded(5, code), english)).toBe(en);
    expect(formatQuantity(coded(5, code), spanish)).toBe(es);
  });

  it.each([
    ['d', '1 day', '1 día'],
    ['[IU]', '1 unit', '1 unidad'],
    ['U/L', '1 unit/L', '1 unidad/L'],
    ['mg/d', '1 mg/day', '1 mg/día'],
    ['k[IU]/L', '1 thousand units/L', '1 mil unidades/L'],
  ])('%s after 1 is %s and %s', (code, en, es) => {
    expect(formatQuantity(coded(1, code), english)).toBe(en);
    expect(formatQuantity(coded(1, code), spanish)).toBe(es);
  });
});

describe('the sender’s text of a unit', () => {
  it.each([
    // The code says the same, so the page writes it in the reader's language.
    [coded(5, '/min', 'breaths per minute'), '5 por minuto'],
    [coded(5, 'd', 'days'), '5 días'],
    [coded(5, '10*12/L', '10 trillion/L'), '5 ×10¹²/L'],
    [coded(5, '/a', '# per year'), '5 por año'],
    [coded(5, '/[HPF]', 'cells/HPF'), '5 por campo de gran aumento'],
    [coded(5, 'min/d', 'minutes per day'), '5 minutos por día'],
    [coded(8, '[foz_us]', 'ounces'), '8 fl oz'],
    [coded(5, 'mL/h', 'milliliters per hour'), '5 mL/hora'],
    [coded(5, 'ug', 'micrograms'), '5 mcg'],
    [coded(5, '[IU]', 'international units'), '5 unidades'],
    [coded(5, 'mg/dL', 'MG/DL'), '5 mg/dL'],
    [coded(5, '[degF]', 'F'), '5 °F'],
    [coded(5, 'mg', '1'), '5 mg'],
    [coded(5, '[tsp_us]', 'teaspoon'), '5 cucharaditas'],
    // Without UCUM, a unit is still written in its readable form.
    [{ value: 5, unit: 'mm[Hg]' }, '5 mmHg'],
    [{ value: 5, unit: 'U/L' }, '5 unidades/L'],
    [{ value: 5, unit: 'µg/mL' }, '5 mcg/mL'],
    [{ value: 5, unit: 'cc' }, '5 mL'],
    [{ value: 5, unit: 'x10^9/L' }, '5 ×10⁹/L'],
    [{ value: 5, unit: 'K/uL' }, '5 ×10³/mcL'],
    [{ value: 5, unit: 'mL/min/1.73 m²' }, '5 mL/min/1.73 m²'],
    [{ value: 5, unit: 'hours', code: '258702006', system: 'http://snomed.info/sct' }, '5 horas'],
  ])('%j is %s', (quantity, text) => expect(formatQuantity(quantity, spanish)).toBe(text));

  it.each([
    // Words that no table knows.
    [{ value: 5, unit: 'doses' }, '5 doses'],
    [{ value: 2, unit: '8 oz can' }, '2 × 8 oz can'],
    [{ value: 5, unit: 'C' }, '5 C'],
    [coded(5, '{pack-years}', 'pack-years'), '5 pack-years'],
    [coded(-2.5, '1', 'T-Score'), '-2.5 T-Score'],
    [coded(9, '{score}', 'points'), '9 points'],
    [coded(5, 'fortnight', 'fortnights'), '5 fortnights'],
    // It contradicts the code (FHIR DSTU2 medicationorderexample6, diagnosticreport-example-dxa).
    [coded(5, 'ml', 'mg/m^2'), '5 mg/m²'],
    [coded(5, 'g/cm-2', 'g/cm²'), '5 g/cm²'],
    [coded(5, 'ug/L', 'ng/mL'), '5 ng/mL'],
    [coded(1, 'mL', 'teaspoon'), '1 teaspoon'],
    [coded(1, 'mg', 'tablet'), '1 tablet'],
    [coded(1, 'g', '{scoop}'), '1 scoop'],
    // It says more than the code.
    [coded(65, 'mg', 'mg elemental iron'), '65 mg elemental iron'],
    [coded(65, 'ug', 'µg elemental iron'), '65 mcg elemental iron'],
    // A lone micro sign isn't a unit.
    [{ value: 5, unit: 'µ' }, '5 µ'],
    [coded(5, 'um', 'μ'), '5 μ'],
    [{ value: 2, unit: 'capsules', code: '385055001', system: 'http://snomed.info/sct' }, '2 capsules'],
  ])('%j is kept: %s', (quantity, text) => expect(formatQuantity(quantity, english)).toBe(text));

  it.each([
    [{ value: 1, code: 'TAB', system: 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm' }, '1 tablet'],
    [{ value: 2, code: '415215001', system: 'http://snomed.info/sct' }, '2 puffs'],
    [coded(2, '{tbl}', 'tablet'), '2 tablets'],
    [{ value: 2, code: '999', system: 'http://snomed.info/sct' }, '2 (unit code 999)'],
    [coded(2, 'xyz{abc}'), '2 xyz{abc}'],
    [coded(2, '((('), '2 ((('],
    [{ value: 2, unit: 4, code: {} }, '2'],
    [{ unit: 'mg' }, 'mg'],
    [{ value: 'x' }, undefined],
    [undefined, undefined],
  ])('%j is %s', (quantity, text) => expect(formatQuantity(quantity, english)).toBe(text));
});

describe('a comparator, FHIR R4 quantity-comparator', () => {
  // ISMP: < and > are mistaken for each other, so they are words.
  it.each([
    ['<', 'less than 5%', 'menos de 5%'],
    ['<=', '5% or less', '5% o menos'],
    ['>=', '5% or more', '5% o más'],
    ['>', 'more than 5%', 'más de 5%'],
    ['~', '~ 5%', '~ 5%'],
  ])('%s is written as %s and %s', (comparator, en, es) => {
    expect(formatQuantity({ ...coded(5, '%'), comparator }, english)).toBe(en);
    expect(formatQuantity({ ...coded(5, '%'), comparator }, spanish)).toBe(es);
  });
});

it('the exact value of a rounded one has its comparator and unit', () => {
  const quantity = { ...coded(27.06722703889899, 'kg/m2'), comparator: '>' };
  expect(formatQuantity(quantity, spanish)).toBe('más de 27.0672 kg/m²');
  expect(formatExactQuantity(quantity, spanish)).toBe('más de 27.06722703889899 kg/m²');
  expect(formatExactQuantity(coded(27.1, 'kg/m2'), spanish)).toBeUndefined();
});
