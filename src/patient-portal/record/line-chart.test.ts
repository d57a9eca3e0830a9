import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, countOf, hasElement, textsOf } from '../../../test/support/browser/html.ts';
import { htmlToString } from '../../kernel/index.ts';
import { niceTicks, renderLineChart } from './line-chart.ts';
import type { ObservationSeries } from './series.ts';

const series = (values: readonly number[], range?: ObservationSeries['range']): ObservationSeries => ({
  name: 'Hemoglobin A1c',
  unit: '%',
  lines: [{ name: '', points: values.map((value, index) => ({ at: index * 86_400_000, value, when: '' })) }],
  range,
  all: [],
});

describe('axis ticks', () => {
  it.each([
    [{ low: 6.2, high: 7.9 }, [6, 7, 8]],
    [{ low: 118, high: 142 }, [110, 120, 130, 140, 150]],
    [{ low: 163, high: 163 }, [160, 170]],
    [{ low: 0, high: 0 }, [0, 1]],
    [{ low: 0, high: 5e-324 }, [0, 1]],
    [{ low: -3, high: 3 }, [-4, -2, 0, 2, 4]],
  ])('%o: %o', (extent, ticks) => {
    const computed = niceTicks(extent);
    expect(computed[0]).toBeLessThanOrEqual(extent.low);
    expect(computed.at(-1)).toBeGreaterThanOrEqual(extent.high);
    if (ticks.length > 2) expect(computed).toEqual(ticks);
  });

  it('ascend, are two to seven, and enclose every value', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const ticks = niceTicks({ low, high });
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(8);
        expect(ticks[0]).toBeLessThanOrEqual(low + Math.abs(low) * 1e-9 + 1e-100);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - Math.abs(high) * 1e-9 - 1e-100);
      }),
    );
  });
});

describe('a line chart', () => {
  it('is an image with a text alternative, and shows its unit', () => {
    const svg = renderLineChart(series([7.9, 7.1, 6.7]), 'Three values & more');
    expect(attributeOf(svg, '[role=img]', 'aria-label')).toBe('Three values & more');
    expect(textsOf(svg, 'text')).toContain('%');
    expect(countOf(svg, 'circle')).toBe(3);
    expect(hasElement(svg, '[style]')).toBe(false);
  });

  it('shades the reference range, also one with an open end, and only if the series has a range', () => {
    expect(hasElement(renderLineChart(series([7.9, 6.7], { low: 4, high: 5.6, text: '4 to 5.6' }), ''), '.band')).toBe(
      true,
    );
    expect(hasElement(renderLineChart(series([7.9, 6.7], { low: undefined, high: 7, text: '' }), ''), '.band')).toBe(
      true,
    );
    expect(hasElement(renderLineChart(series([7.9, 6.7]), ''), '.band')).toBe(false);
  });

  it('draws a dot for the last point only when there are many points', () => {
    const svg = renderLineChart(series(Array.from({ length: 500 }, (_, index) => Math.sin(index))), '');
    expect(countOf(svg, 'circle')).toBe(1);
  });

  it('abbreviates tick labels that don’t fit beside the axis', () => {
    const ticks = (values: readonly number[]) => textsOf(renderLineChart(series(values), ''), 'text[text-anchor=end]');
    expect(ticks([1_200_000, 3_400_000])).toContain('2M');
    expect(ticks([-9e11, 9e11]).every((text = '') => text.length <= 6)).toBe(true);
    expect(ticks([120, 240])).toContain('150');
  });

  it('draws values of one instant as a vertical line with one date', () => {
    const line = { name: '', points: [1, 5].map((value) => ({ at: 0, value, when: 'May 1, 2026' })) };
    const svg = htmlToString(renderLineChart({ ...series([]), lines: [line] }, ''));
    expect(svg.match(/May 1, 2026/g)).toHaveLength(1);
    expect(svg).toMatch(/d="M(\d+\.\d) \d+\.\dL\1 /);
  });

  it('never contains a coordinate that isn’t a number', () => {
    const value = fc.double({ min: -1e11, max: 1e11, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 20 }), (values) => {
        const chart = renderLineChart(series(values, { low: values[0], high: values[1], text: '' }), '');
        expect(htmlToString(chart)).not.toMatch(/NaN|Infinity/);
      }),
    );
  });
});
