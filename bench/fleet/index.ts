import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { plotOf, tableOf } from './report';
import { policies, scene, simulate } from './simulation';

/*
 * `npm run bench:fleet` simulates a fleet that comes back after an outage, with the token node's own waits and with
 * others, and prints what becomes of it. `-- --json` prints all of it as one JSON object, `-- --plot FILE` draws it.
 */

const { json, plot } = parseArgs({
  options: { json: { type: 'boolean', default: false }, plot: { type: 'string' } },
}).values;

const results = policies.map((policy) => simulate(policy));
console.log(json ? JSON.stringify({ scene, results }) : tableOf(results));
if (plot !== undefined) writeFileSync(plot, plotOf(results));
