import { Command } from 'commander';
import { LucencyError } from '../../core/errors.js';
import type { Reading } from '../../core/reading.js';
import { cocoOfReadings } from '../../dicom/read-back/coco.js';
import { readReport } from '../../dicom/read-back/read-report.js';
import { findInputs } from '../../image/inputs.js';
import { indexImages } from '../../reading/results/image-index.js';
import { faultLine, outJson, toStderr } from '../terminal.js';

interface Flags {
  images?: string[];
  coco?: boolean;
}

/** `lucency marks PATH...`: findings of DICOM structured reports, for `lucency evaluate`. */
export function marksCommand(): Command {
  return new Command('marks')
    .description('read the findings of structured reports (TID 1500), own or of others, for lucency evaluate')
    .argument('[path...]', 'reports: files or folders')
    .option(
      '--images <path...>',
      'the images that the reports refer to: names, sizes and patients are taken from them',
    )
    .option('--coco', 'print one COCO document, to serve as truth, instead of readings')
    .action(async (paths: string[], flags: Flags) => {
      if (paths.length === 0) throw new LucencyError('LUC_USAGE_NO_INPUT');
      const images = flags.images ? await indexImages(flags.images) : new Map();
      const readings: Reading[] = [];
      let failures = 0;
      for await (const item of findInputs(paths)) {
        try {
          if ('error' in item) throw item.error;
          const read = readReport(await item.read(), { name: item.input, images });
          if (!flags.coco) for (const reading of read) outJson(reading);
          else for (const reading of read) readings.push(reading);
        } catch (error) {
          if (!(error instanceof LucencyError)) throw error;
          // What lies beside reports in a folder, as pictures and segmentations do, was not asked for.
          if (error.code === 'LUC_MARKS_NO_REPORT' && !paths.includes(item.input)) continue;
          failures++;
          toStderr(`${faultLine(item.input, error)}\n`);
        }
      }
      if (flags.coco) outJson(cocoOfReadings(readings));
      process.exitCode = failures > 0 ? 1 : 0;
    });
}
