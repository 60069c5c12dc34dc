/** What the colours of the heat stand for. MapLibre adds up, around each point, 0.399 · weight · exp(−d² / 2σ²), σ a third of the radius,
 * times the intensity, and looks the sum up in the ramp; so a colour is a density, and the legend may say it in numbers. Pure. */
export const RADIUS = 27;
const SIGMA = RADIUS / 3;
const PEAK_OF_ONE = 0.3989422804014327; // 1 / √2π, as in MapLibre's shader
const EARTH = 40_075_016.686;

export interface Spot { x: number; y: number; n: number }

/** The greatest weighted sum of neighbours at any of the spots (in pixels): what is densest in sight. */
export function densest(spots: readonly Spot[]): number {
  const near = new Map<string, Spot[]>();
  const cell = (v: number) => Math.floor(v / RADIUS);
  for (const spot of spots) {
    const key = `${cell(spot.x)} ${cell(spot.y)}`;
    const there = near.get(key);
    if (there) there.push(spot);
    else near.set(key, [spot]);
  }
  let most = 0;
  for (const { x, y } of spots) {
    let sum = 0;
    for (let i = -1; i <= 1; i++) for (let j = -1; j <= 1; j++) for (const other of near.get(`${cell(x) + i} ${cell(y) + j}`) ?? []) {
      const d2 = (other.x - x) ** 2 + (other.y - y) ** 2;
      if (d2 < RADIUS ** 2) sum += other.n * Math.exp(-d2 / (2 * SIGMA ** 2));
    }
    most = Math.max(most, sum);
  }
  return most;
}

/** The next of 1, 2, 5, 10, 20, …: the scale changes seldom, and a lone case is not hot. */
export function scaleFor(most: number): number {
  const least = Math.max(most, 5), ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((step) => step * ten).find((step) => step >= least * 0.999)!;
}
export const intensityFor = (scale: number) => 1 / (PEAK_OF_ONE * scale);

const twoDigits = (value: number) => (value < 10 ? Math.round(value * 10) / 10 : Number(value.toPrecision(2)));
/** Cases a square kilometre at the middle of each of `classes` colours, at a zoom and a latitude. */
export function legendOf(scale: number, classes: number, zoom: number, lat: number): number[] {
  const metres = (EARTH * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
  const area = (2 * Math.PI * SIGMA ** 2 * metres ** 2) / 1e6;
  return Array.from({ length: classes }, (_, i) => twoDigits((scale * (i + 0.5)) / classes / area));
}
