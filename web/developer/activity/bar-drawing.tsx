import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useLanguage } from '../../i18n/index.ts';
import classes from './bar-drawing.module.css';

export interface ChartSeries {
  readonly name: 'calls' | 'errors' | 'patients';
  readonly label: string;
  readonly color: 'accent' | 'danger' | 'success';
}

type DayBucket = UsageResponse['buckets'][number] & { readonly day: string };

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [520, 240, 44, 24, 10];
/** Maximum number of days that have a label below the chart. */
const MAX_LABELS = 6;

/**
 * Draws the counts of each day as bars, next to each other for several series. Pointing at a day shows its counts.
 * Screen readers read the title; the table next to the chart has the values.
 */
export function BarDrawing({
  title,
  buckets,
  series,
}: {
  readonly title: string;
  readonly buckets: readonly DayBucket[];
  readonly series: readonly ChartSeries[];
}) {
  const { locale } = useLanguage();
  const number = new Intl.NumberFormat(locale);
  const step = scaleStep(Math.max(1, ...buckets.flatMap((bucket) => series.map(({ name }) => bucket[name] ?? 0))));
  const max = step.size * step.count;
  const y = (value: number): number => TOP + (1 - value / max) * (HEIGHT - TOP - BOTTOM);
  const slot = (WIDTH - LEFT) / Math.max(1, buckets.length);
  const bar = (slot * 0.8) / series.length;
  const labelEvery = Math.ceil(buckets.length / MAX_LABELS);
  return (
    <figure className={classes['figure']}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title} className={classes['chart']}>
        {Array.from({ length: step.count + 1 }, (_, index) => index * step.size).map((value) => (
          <g key={value}>
            <line className={classes['grid']} x1={LEFT} x2={WIDTH} y1={y(value)} y2={y(value)} />
            <text x={LEFT - 6} y={y(value) + 4} textAnchor="end">
              {number.format(value)}
            </text>
          </g>
        ))}
        {buckets.map((bucket, index) => (
          <g key={bucket.at}>
            <title>{`${bucket.day}: ${series.map(({ name, label }) => `${label} ${number.format(bucket[name] ?? 0)}`).join(', ')}`}</title>
            <rect
              className={classes['slot']}
              x={LEFT + index * slot}
              y={TOP}
              width={slot}
              height={HEIGHT - TOP - BOTTOM}
            />
            {series.map(({ name, color }, position) => (
              <rect
                key={name}
                className={classes[color]}
                x={LEFT + index * slot + slot * 0.1 + position * bar}
                y={y(bucket[name] ?? 0)}
                width={bar}
                height={y(0) - y(bucket[name] ?? 0)}
              />
            ))}
            {index % labelEvery === 0 ? (
              <text x={LEFT + index * slot + slot / 2} y={HEIGHT - 6} textAnchor={index === 0 ? 'start' : 'middle'}>
                {bucket.day}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
      {series.length < 2 ? null : (
        <figcaption>
          {series.map(({ name, label, color }) => (
            <span key={name} className={`${classes['key']} ${classes[color]}`}>
              {label}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}

/** Returns a scale of 2 to 5 steps from zero to at least a maximum. Each step is a whole 1, 2 or 5 times a power of ten. */
function scaleStep(max: number): { readonly size: number; readonly count: number } {
  const sizes = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat();
  const size = sizes.find((one) => max / one <= 5) ?? max;
  return { size, count: Math.ceil(max / size) };
}
