import { runSpecs } from '../support/run-specs';
import { hasRedis } from './redis-server';

const missing = 'redis-server is not on this machine (apt-get install redis-server)';
runSpecs('redis', __dirname, hasRedis() ? undefined : missing);
