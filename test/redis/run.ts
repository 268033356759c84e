import { runSpecs } from '../support/run-specs';
import { hasRedis } from './redis-server';

runSpecs('redis', __dirname, hasRedis() ? undefined : 'redis-server is not on this machine (apt-get install redis-server)');
