import { encodePng, TRUE_COLOR_WITH_ALPHA } from '../generator/write-png.ts';

const SIZE = 96;
/** Number of samples of a pixel in each direction, for smooth edges. */
const SAMPLES = 4;
/** Radius of the corners, in units of half the width. */
const CORNER = 0.4;

type Shape = (x: number, y: number) => boolean;

const circle =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) <= radius;
const box =
  (left: number, top: number, right: number, bottom: number): Shape =>
  (x, y) =>
    x >= left && x <= right && y >= top && y <= bottom;
const any =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));
const without =
  (shape: Shape, ...holes: readonly Shape[]): Shape =>
  (x, y) =>
    shape(x, y) && !holes.some((hole) => hole(x, y));

/** Drawings of the example apps, in a square from -1 to 1 with y pointing down. */
const DRAWINGS = {
  drop: any(circle(0, 0.2, 0.4), (x, y) => y > -0.65 && y <= 0.05 && Math.abs(x) <= (0.39 * (y + 0.65)) / 0.7),
  capsule: (x, y) => {
    // A line from the lower left to the upper right, with a gap in the middle.
    const along = (x - y) / Math.SQRT2;
    const across = (x + y) / Math.SQRT2;
    return Math.hypot(Math.max(0, Math.abs(along) - 0.35), across) <= 0.24 && Math.abs(along) > 0.04;
  },
  cross: any(box(-0.18, -0.58, 0.18, 0.58), box(-0.58, -0.18, 0.58, 0.18)),
  binder: without(
    box(-0.46, -0.58, 0.46, 0.58),
    box(-0.28, -0.36, 0.28, -0.26),
    box(-0.28, -0.06, 0.28, 0.04),
    box(-0.28, 0.24, 0.1, 0.34),
  ),
  family: any(
    circle(-0.28, -0.28, 0.2),
    circle(0.34, -0.1, 0.15),
    (x, y) => y <= 0.5 && Math.hypot((x + 0.28) / 0.34, (y - 0.5) / 0.52) <= 1,
    (x, y) => y <= 0.5 && Math.hypot((x - 0.34) / 0.25, (y - 0.5) / 0.38) <= 1,
  ),
} as const satisfies Record<string, Shape>;

export type DrawingName = keyof typeof DRAWINGS;

/** Draws the logo of an example app as PNG: a white drawing on a square with round corners. */
export function drawLogo(name: DrawingName, color: readonly [number, number, number]): Buffer {
  const drawing = DRAWINGS[name];
  return encodePng({
    size: SIZE,
    colorType: TRUE_COLOR_WITH_ALPHA,
    pixel(x, y) {
      const white = coverage(drawing, x, y);
      const mixed = color.map((channel) => Math.round(channel + (255 - channel) * white));
      return [...mixed, Math.round(255 * coverage(isInside, x, y))];
    },
  });
}

const isInside: Shape = (x, y) =>
  Math.hypot(Math.max(0, Math.abs(x) - 1 + CORNER), Math.max(0, Math.abs(y) - 1 + CORNER)) <= CORNER;

/** Returns the part of a pixel that a shape covers, from 0 to 1. */
function coverage(shape: Shape, x: number, y: number): number {
  let covered = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const dx = ((sample % SAMPLES) + 0.5) / SAMPLES;
    const dy = (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    if (shape(((x + dx) / SIZE) * 2 - 1, ((y + dy) / SIZE) * 2 - 1)) covered += 1;
  }
  return covered / (SAMPLES * SAMPLES);
}
