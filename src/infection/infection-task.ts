// Loaded by worker threads: the reader's work on volumes takes seconds.
import { volumeTask } from '../models/volume-task.js';
import { InfectionReader } from './infection-reader.js';

export const readInfection = volumeTask(
  (networks, model, settings) => new InfectionReader(networks, model, settings),
);
