import { type Field, smoothMin } from './field.js';
import { type Profile, profile } from './profile.js';
import type { Vec3 } from './vector.js';

/**
 * One cross-section of a tube along y: centre (x, z), half widths (rx, rz), and how triangular it is: `tri` is the
 * share of a third harmonic in the radius, one corner pointing to `triAngle` (radians from +x towards +z).
 */
export interface Section {
  readonly y: number;
  readonly x: number;
  readonly z: number;
  readonly rx: number;
  readonly rz: number;
  readonly tri?: number;
  readonly triAngle?: number;
}

export interface Tube {
  readonly field: Field;
  readonly from: number;
  readonly to: number;
  /** Centre line at y. */
  centre(y: number): Vec3;
  /** Half widths at y. */
  halfWidths(y: number): { readonly x: number; readonly z: number };
}

const tableStep = 0.5;
const channelCount = 6;

/**
 * A body swept along y through given cross-sections (monotone cubics between them), closed at both ends by faces
 * whose rims are rounded over `rim` mm. The field is the radial distance, not yet corrected for the slope.
 */
export function tube(sections: readonly Section[], rim: number | readonly [number, number]): Tube {
  const curve = (read: (s: Section) => number): Profile =>
    profile(sections.map((s) => [s.y, read(s)] as const));
  const curves = [
    curve((s) => s.x),
    curve((s) => s.z),
    curve((s) => s.rx),
    curve((s) => s.rz),
    curve((s) => (s.tri ?? 0) * Math.cos(3 * (s.triAngle ?? 0))),
    curve((s) => (s.tri ?? 0) * Math.sin(3 * (s.triAngle ?? 0))),
  ];
  const from = sections[0]?.y ?? 0;
  const to = sections[sections.length - 1]?.y ?? 0;
  const count = Math.max(2, Math.ceil((to - from) / tableStep) + 1);
  const table = new Float64Array(count * channelCount);
  for (let i = 0; i < count; i++)
    curves.forEach((c, channel) => {
      table[i * channelCount + channel] = c(from + i * tableStep);
    });
  const [rimFrom, rimTo] = typeof rim === 'number' ? [rim, rim] : rim;

  const field: Field = (x, y, z) => {
    const position = Math.max(0, Math.min(count - 1.001, (y - from) / tableStep));
    const i = position | 0;
    const t = position - i;
    const o = i * channelCount;
    const at = (channel: number) => {
      const a = table[o + channel] as number;
      return a + ((table[o + channelCount + channel] as number) - a) * t;
    };
    const dx = x - at(0);
    const dz = z - at(1);
    const u = dx / at(2);
    const v = dz / at(3);
    const k = Math.sqrt(u * u + v * v);
    let radial: number;
    if (k < 1e-6) {
      radial = -Math.min(at(2), at(3));
    } else {
      const c = u / k;
      const s = v / k;
      // Multiple angles of the direction without trigonometry: cos 3a = 4c^3 - 3c, sin 3a = 3s - 4s^3.
      const scale = 1 + at(4) * c * (4 * c * c - 3) + at(5) * s * (3 - 4 * s * s);
      radial = Math.sqrt(dx * dx + dz * dz) * (1 - scale / k);
    }
    return -smoothMin(smoothMin(-radial, y - from, rimFrom), to - y, rimTo);
  };
  const [cx, cz, hx, hz] = curves as [Profile, Profile, Profile, Profile];
  return {
    field,
    from,
    to,
    centre: (y) => [cx(y), y, cz(y)],
    halfWidths: (y) => ({ x: hx(y), z: hz(y) }),
  };
}
