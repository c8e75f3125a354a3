import { describe, expect, it } from 'vitest';
import { sampleVolumeResult } from '../volume/volume.fixture.js';
import { volumeDetail } from './volume-detail.js';

/** Words of a piece of the page, without its elements. */
function words(kind: 'ribs' | 'infection'): string {
  const { text } = volumeDetail(sampleVolumeResult(kind).reading, null, []);
  return text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

describe('what the report says of a volume', () => {
  it('names findings, ribs, flail segments and what limits the reading', () => {
    const page = words('ribs');
    expect(page).toContain('right 7th rib, lateral, fresh, displaced');
    expect(page).toContain('Flail segment: right, ribs 5, 6, 7');
    expect(page).toContain('24 ribs were found, 23 of them numbered');
    expect(page).toContain('1 missing slice(s) were filled in.');
    expect(page).toContain('trained on simulated data only');
    expect(page).toContain('not a medical device');
    // The middle of slices 12 to 16 (from 0), counted from 1.
    expect(page).toMatch(/definite right 7th rib.* 15 /);
  });

  it('names the uptake and what the plain rule says', () => {
    const page = words('infection');
    expect(page).toContain('SUVmax 8.00, SUVpeak 6.00, SUVmean 4.00; 0.7 ml at SUV 3.30 or more');
    expect(page).toContain('infected when SUVmax is 4.75 or more) says: infected');
  });
});
