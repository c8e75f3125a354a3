// Loaded by worker threads: the reader's work on volumes takes seconds.
import { volumeTask } from '../models/volume-task.js';
import { RibReader } from './rib-reader.js';

export const readRib = volumeTask((networks, model, settings) => new RibReader(networks, model, settings));
