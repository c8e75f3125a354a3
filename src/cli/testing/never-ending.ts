// A command that has work in hand and does not heed its signal: run by a test, which ends it.
import { onInterrupt } from '../interrupt.js';

onInterrupt(() => process.stdout.write('told\n'));
process.stdout.write('begun\n');
setInterval(() => undefined, 1000);
