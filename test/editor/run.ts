import { runSpecs } from '../support/run-specs';
import { findChromium } from './chromium';

const missing = 'no Chromium on this machine (set CHROMIUM to the path of one)';

runSpecs('editor', __dirname, findChromium() === undefined ? missing : undefined);
